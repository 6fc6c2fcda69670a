// Planning, appeals and release of the made-up agency: records of one case and what is reckoned from
// them. Never part of the app.

import type { CareView, CaseView, DeadlineView, RecordView, Reply, Request, Term } from '../../generated';
import { kindOf, STATE } from '../records/schema';
import { DAY_MS, HOUR_MS, idOf, NOW } from './fake-ids';

const iso = (days: number): string => new Date(NOW + days * DAY_MS).toISOString().slice(0, 10);
const PLAN = idOf(0x2001);
const NEED = idOf(0x2002);
const GOAL = idOf(0x2003);
const DENIAL = idOf(0x2004);
const APPEAL = idOf(0x2005);
const SUPERVISION = idOf(0x2006);
const UNITS = idOf(0x2007);
const OUTSIDE = idOf(0x2008);

function record(n: number, kind: string, values: Record<string, string>): RecordView {
  const def = kindOf(kind);
  const state = values[STATE] ?? def?.states[0]?.code ?? '';
  const all: Record<string, string> = { ...values, [STATE]: state };
  const fields = [...(def?.fields.map(({ key }) => key) ?? []), STATE].flatMap((key) =>
    all[key] ? [{ key, value: all[key], author: 'Dana Ito', at: NOW - n * HOUR_MS, sides: [] }] : [],
  );
  const next = [...(def?.states.find(({ code }) => code === state)?.next ?? [])];
  return { kind, id: idOf(0x2000 + n), author: 'Dana Ito', unconfirmed: false, at: NOW - n * HOUR_MS, fields, next, read_as: [] };
}

export function careRecords(): RecordView[] {
  return [
    record(1, 'plan', { title: 'Own place by summer', source: 'own', type: 'release', from: iso(-30) }),
    record(2, 'need', { text: 'No place to go after release', category: 'housing', verification: 'confirmed' }),
    record(3, 'goal', { words: '“A door that I can close myself.”', plan: PLAN, need: NEED, target: 'Lease signed', target_number: '10', due: iso(40) }),
    record(4, 'denial', { service: 'Wheelchair', track: 'ssa', notice_date: iso(-40), received_on: iso(-36), reason: 'Not medically necessary', aid: 'asked' }),
    record(5, 'appeal', { denial: DENIAL, level: '1', file_by: iso(30) }),
    record(6, 'supervision', { state: 'serving', facility: 'North Facility', release_date: iso(55), release_source: 'parole_board' }),
    record(7, 'authorization', { state: 'approved', service: 'Home health aide', units: '40', unit: 'an hour', to: iso(20) }),
    record(8, 'plan', { title: 'Discharge plan', source: 'inherited', state: 'active', author_name: 'Dr. Vale', organization: 'County Hospital' }),
    ...[3, 5, 6, 8].map((number, n) => record(0x10 + n, 'progress', { goal: GOAL, date: iso(n * 7 - 28), text: ['Asked at two offices', 'Saw a flat', 'Second visit', 'Landlord said yes'][n] ?? '', number: String(number) })),
    record(0x20, 'release_step', { supervision: SUPERVISION, element: 'housing', days: '60', side: 'before' }),
    record(0x21, 'release_step', { supervision: SUPERVISION, element: 'medication', days: '7', side: 'before' }),
    record(0x22, 'release_step', { supervision: SUPERVISION, element: 'handoff', days: '3', side: 'after' }),
  ];
}

const term: Term = { count: 60, counts: 'days', mail_days: 5, from: 'receipt', rolls: true, source: '20 CFR 404.909(a)(1); 404.3(b)' };
const deadline: DeadlineView = {
  date: iso(26),
  key: 'appeal.ssa.1.file',
  since: '',
  term,
  start: iso(-40),
  counted_from: iso(-35),
  reached: iso(25),
  closed: [[iso(25), 'Labor Day']],
};

function careView(): CareView {
  const steps: [string, string][] = [
    [idOf(0x2020), iso(-5)],
    [idOf(0x2021), iso(48)],
    [idOf(0x2022), iso(58)],
  ];
  return {
    due: [
      { date: iso(-5), what: 'release_step', kind: 'release_step', record: idOf(0x2020), title: 'housing' },
      { date: iso(26), what: 'appeal_file', kind: 'appeal', record: APPEAL, title: 'Wheelchair' },
    ],
    plans: [
      { id: PLAN, missing: ['owner', 'signature'], review: null, unaltered: false },
      { id: OUTSIDE, missing: [], review: { date: iso(90), given: iso(90), reckoned: null }, unaltered: true },
    ],
    denials: [
      {
        id: DENIAL,
        levels: [{ level: 1, appeal: APPEAL, file: { date: iso(26), given: iso(30), reckoned: deadline }, decide: null }],
        next: 2,
        aid: null,
      },
    ],
    authorizations: [{ id: UNITS, granted: 40, used: 28 }],
    releases: [
      {
        id: SUPERVISION,
        date: iso(55),
        steps,
        lacking: ['benefits'],
        moves: [
          {
            from: iso(25),
            to: iso(55),
            source: 'parole_board',
            reason: 'Programme not finished',
            author: 'Dana Ito',
            at: NOW - 3 * DAY_MS,
            moved: [
              ['housing', iso(-35), iso(-5)],
              ['medication', iso(18), iso(48)],
              ['handoff', iso(28), iso(58)],
            ],
          },
        ],
      },
    ],
  };
}

export function careAnswer(view: CaseView | undefined, { ask }: Extract<Request, { type: 'care' }>): Reply {
  if (view === undefined) return { type: 'failed', failure: { code: 'not_found' } };
  const there = view.records.some(({ id }) => id === PLAN);
  const none: CareView = { due: [], plans: [], denials: [], authorizations: [], releases: [] };
  const care = there ? careView() : none;
  switch (ask.type) {
    case 'view':
      return { type: 'care', care };
    case 'open_level':
      return { type: 'saved', id: APPEAL, undo: null };
    case 'add_checklist':
      return { type: 'done' };
    case 'move_release':
      for (const release of care.releases) Object.assign(release, { date: ask.to });
      return { type: 'care', care };
  }
}
