// What waits in all of the made-up cases, and their appointments. Never part of the app.

import type { CalendarEntry, CaseView, FindingView, RecordView, Reply } from '../../generated';
import { STAFF } from './fake-records';

export function reviewAnswer(cases: readonly CaseView[]): Reply {
  const grave = ({ severity }: FindingView) => ['critical', 'high', 'medium', 'low'].indexOf(severity);
  const all = cases.flatMap((view) => view.findings).toSorted((a, b) => grave(a) - grave(b));
  const hand_overs = cases.flatMap((view) => view.hand_overs).filter((one) => one.may.some((step) => step !== 'cancel'));
  return { type: 'review', hand_overs, findings: all.filter((one) => one.settled === null), settled: all.filter((one) => one.settled !== null) };
}

export function calendarAnswer(cases: readonly CaseView[], from: number, to: number): Reply {
  const entries = cases.flatMap((view) => view.records.filter((one) => one.kind === 'appointment').map((one) => entry(view, one)));
  const booked = (one: CalendarEntry) => one.start - one.travel_min * 60_000;
  for (const one of entries) {
    one.clash = entries.some((other) => other !== one && other.staff === one.staff && booked(one) < other.end && booked(other) < one.end);
  }
  return {
    type: 'calendar',
    entries: entries.filter((one) => one.start < to && one.end > from).toSorted((a, b) => a.start - b.start),
  };
}

function entry(view: CaseView, record: RecordView): CalendarEntry {
  const value = (key: string): string => record.fields.find((field) => field.key === key)?.value ?? '';
  const who = STAFF.find((one) => one.staff === value('staff'));
  return {
    case: view.case,
    case_name: view.name,
    id: record.id,
    title: value('title'),
    kind: value('type'),
    state: value('state'),
    place: value('place'),
    staff: who?.name ?? '',
    mine: who?.me ?? false,
    start: Number(value('start')),
    end: Number(value('end')),
    travel_min: Number(value('travel_min')),
    clash: false,
  };
}
