// Visits, the day and reports of the made-up agency. Never part of the app.

import type { CaseView, Reply, ReportRow, Request, TodayRow } from '../../generated';
import { DAY_MS, HOUR_MS, NOW } from './fake-ids';
import { newNote, putRecord, STAFF } from './fake-records';

const CHECKLIST = ['id_papers', 'conditions', 'housing_plan', 'safety', 'needs', 'services', 'consents', 'questions'];
const failed: Reply = { type: 'failed', failure: { code: 'not_found' } };
const text = (view: CaseView, id: string, key: string): string =>
  view.records.find((one) => one.kind === 'visit' && one.id === id)?.fields.find((field) => field.key === key)?.value ?? '';

/** What a visit asks; `changed` tells the screens. */
export function visitAnswer(view: CaseView | undefined, ask: Extract<Request, { type: 'visit' }>['ask'], changed: () => void): Reply {
  if (view === undefined) return failed;
  switch (ask.type) {
    case 'look': {
      const missing = [
        ['service', text(view, ask.id, 'service') || text(view, ask.id, 'purpose')],
        ['place', text(view, ask.id, 'place') || text(view, ask.id, 'where')],
        ['time', text(view, ask.id, 'end')],
      ].flatMap(([code = '', said]) => (said ? [] : [code]));
      return { type: 'visit', visit: { id: ask.id, checklist: CHECKLIST, missing, note_by: NOW + 3 * DAY_MS, next_days: 14 } };
    }
    case 'begin': {
      const done = putRecord(view, 'visit', null, [...ask.values, ['staff', STAFF[0].staff], ['state', 'in-progress']], Date.now());
      changed();
      return 'failure' in done ? { type: 'failed', failure: done.failure } : { type: 'saved', id: done.id, undo: null };
    }
    case 'save': {
      const values = [...ask.values];
      for (const other of ask.others) {
        const done = putRecord(view, other.kind, other.id, other.values, Date.now());
        if ('failure' in done) return { type: 'failed', failure: done.failure };
        if (other.named_in !== '') values.push([other.named_in, done.id]);
      }
      if (ask.note !== null) {
        const note = newNote(view, ask.note, Date.now());
        view.notes.unshift(note);
        values.push(['note', note.id]);
      }
      const done = putRecord(view, 'visit', ask.id, values, Date.now());
      changed();
      return 'failure' in done ? { type: 'failed', failure: done.failure } : { type: 'saved', id: ask.id, undo: null };
    }
    case 'overlaps': {
      const [start, end] = [ask.start, ask.end];
      const busy = view.records.filter((one) => one.kind === 'appointment').flatMap((one) => {
        const at = (key: string): number => Number(one.fields.find((field) => field.key === key)?.value ?? 0);
        if (at('start') >= end || start >= at('end')) return [];
        return [{ case: view.case, case_name: view.name, id: one.id, title: one.fields.find((field) => field.key === 'title')?.value ?? '', kind: 'court', state: 'booked', place: '', staff: 'Sam Rivera', mine: true, start: at('start'), end: at('end'), travel_min: 40, clash: true }];
      });
      return { type: 'calendar', entries: busy };
    }
  }
}

function dayRows(cases: CaseView[]): TodayRow[] {
  const row = (n: number, group: TodayRow['group'], what: string, more: Partial<TodayRow> = {}): TodayRow => {
    const view = cases[n % cases.length];
    return { case: view?.case ?? '', case_name: view?.name ?? '', group, what, id: '0a', title: '', at: null, day: null, detail: '', urgent: false, owner: 'Sam Rivera', ...more };
  };
  const day = (days: number): string => new Date(NOW + days * DAY_MS).toISOString().slice(0, 10);
  return [
    row(2, 'begun', 'visit', { at: NOW - 2 * HOUR_MS, title: 'Home visit', detail: 'in_person' }),
    row(5, 'overdue', 'contact', { day: day(-3) }),
    row(7, 'overdue', 'note', { at: NOW - 5 * HOUR_MS, urgent: true, title: 'Call after the storm' }),
    row(5, 'overdue', 'past_appointment', { at: NOW - 26 * HOUR_MS, title: 'Housing office', detail: 'office' }),
    row(8, 'today', 'appointment', { at: NOW + HOUR_MS, title: 'Parole hearing', detail: 'court' }),
    row(1, 'today', 'contact', { day: day(0), urgent: true }),
    row(3, 'today', 'task', { day: day(0), title: 'Ask Dr. Meyer for a 30-day supply', urgent: true }),
    row(9, 'waiting', 'outreach', { detail: 'letter' }),
    row(10, 'waiting', 'cosign', { at: NOW - 20 * HOUR_MS, owner: '' }),
    row(5, 'waiting', 'finding', { detail: '2', urgent: true }),
    row(11, 'waiting', 'assessment', { title: 'Needs and strengths' }),
    row(6, 'ahead', 'flag', { day: day(5), title: 'violence' }),
    row(12, 'ahead', 'appointment', { at: NOW + 3 * DAY_MS, title: 'Home visit', detail: 'visit' }),
  ];
}

const FIGURES: ReportRow = {
  name: '', cases: 22, weight: 41, contacts_due: 48, contacts_met: 44, contacts_made: 61, attempts: 9, no_shows: 3, units: 212, noted: 58, noted_in_time: 51, note_hours: 1102,
  tasks_due: 19, tasks_done: 15, plans_overdue: 2, referrals_begun: 8, referrals_ended: 5, referrals_served: 4, appeals: [['denied', 1], ['favourable', 2]],
};

export function dayAnswer(cases: CaseView[], ask: Extract<Request, { type: 'day' }>['ask'], leads: boolean): Reply {
  switch (ask.type) {
    case 'today': {
      const load = { staff: STAFF[0].staff, name: 'Sam Rivera', me: true, cases: 22, weight: 41, travel_min: 320, overdue: 2, due_soon: 9, heavy: false, spike: false };
      const others = [
        { ...load, staff: STAFF[2].staff, name: 'Dana Ito', me: false, cases: 31, weight: 76, overdue: 7, due_soon: 21, heavy: true, spike: true },
        { ...load, staff: '', name: '', me: false, cases: 3, weight: 6, travel_min: 0, overdue: 3, due_soon: 0 },
      ];
      return { type: 'today', today: { rows: dayRows(cases), more: 0, loads: leads ? [load, ...others] : [load] } };
    }
    case 'report': {
      const names = { worker: ['', 'Dana Ito', 'Lee Okafor', 'Sam Rivera'], programme: ['Family support', 'Housing first', 'Re-entry'], month: ['2026-09', '2026-10', '2026-11'] }[ask.of.by];
      const rows = names.map((name, n) => ({ ...FIGURES, name, contacts_due: 12 + n * 7, contacts_met: 12 + n * 5 }));
      return { type: 'report', report: { rows, total: { ...FIGURES, contacts_due: 90, contacts_met: 78 }, looked_at: cases.length, unread: 0 } };
    }
    case 'report_file':
      return { type: 'file', name: 'report.csv', text: 'name,cases\n' };
    case 'export':
      return { type: 'file', name: 'case.json', text: '{}' };
  }
}
