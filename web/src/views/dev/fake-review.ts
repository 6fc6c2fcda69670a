// A made-up agency on a bad day, asked for by ?busy: a finding of every rule, and a week full of
// appointments. Never part of the app.

import type { CaseView, FindingSide, FindingView, RecordView } from '../../generated';
import { HOUR_MS, NOW, idOf } from './fake-ids';
import { STAFF } from './fake-records';

const [SAM, , DANA, LEE] = STAFF;
type Short = Pick<FindingView, 'rule' | 'severity' | 'choices'> & Partial<FindingView> & { of: [kind: string, key: string, ...values: string[]] };

const at = (days: number, hour: number, minute = 0): string =>
  String(new Date(new Date(NOW).setHours(0, 0, 0, 0) + days * 24 * HOUR_MS).setHours(hour, minute));
const sides = (...ids: string[]): string[] => ids.map((id) => `side:${id}`);
const times = (): [string, string][] => [
  ['start:a', at(1, 9)],
  ['end:a', at(1, 10)],
  ['start:b', at(1, 9, 30)],
  ['end:b', at(1, 11)],
];

const FINDINGS: Short[] = [
  {
    rule: 'interaction',
    severity: 'critical',
    of: ['medication', '', 'Demerol, 50 mg, every 6 hours', 'Phenelzine, 15 mg, three times a day'],
    choices: ['escalate', 'acknowledge'],
    reason_needed: true,
    details: [
      ['ingredient', 'meperidine'],
      ['ingredient', 'phenelzine'],
      ['interaction', 'contraindicated'],
      ['effect', 'Agitation, fever, seizures; deaths are reported.'],
      ['source', 'List of high-priority interactions'],
      ['year', '2012'],
      ['table', 'own'],
    ],
  },
  { rule: 'allergy_and_drug', severity: 'critical', of: ['medication', '', 'Amoxicillin, 500 mg', 'Penicillin, rash on both arms'], choices: ['escalate', 'acknowledge'], reason_needed: true, details: [['family', 'penicillins']] },
  { rule: 'flag_cleared_and_set', severity: 'critical', of: ['flag', 'state', 'cleared', 'active'], choices: ['keep_set', 'clear'], reason_needed: true, details: [['flag', 'violence']], reserved_for: 'supervisor' },
  { rule: 'confidential_and_edited', severity: 'critical', of: ['address', '', 'Confidential address', 'Confidential address'], choices: ['restrict', 'lift'], reason_needed: true },
  { rule: 'worker_booked_twice', severity: 'high', of: ['appointment', '', 'Parole hearing, County court, room 3', 'Home visit, 12 Harbour Road'], choices: ['keep_both', ...sides('a', 'b')], details: times() },
  { rule: 'client_booked_twice', severity: 'high', of: ['appointment', '', 'Clinic, Dr. Meyer', 'Intake at the transition house'], choices: ['joint_visit', ...sides('a', 'b'), 'keep_both'], details: times() },
  { rule: 'same_drug_other_dose', severity: 'high', of: ['medication', '', 'Sertraline, 50 mg', 'Zoloft, 100 mg'], choices: ['escalate', ...sides('a', 'b'), 'keep_both'], details: [['ingredient', 'sertraline']] },
  { rule: 'stopped_and_edited', severity: 'high', of: ['medication', 'dose', '20 mg', '40 mg'], choices: ['keep_stopped', 'take_edit'], details: [['medication', 'Lisinopril, 20 mg']] },
  { rule: 'two_addresses', severity: 'high', of: ['address', '', '12 Harbour Road', 'Transition House, 40 Mill Lane, Room 12'], choices: ['keep_both', ...sides('a', 'b')], details: [['provisional', 'a'], ['verified:a', '2026-11-02']] },
  { rule: 'closed_with_activity', severity: 'high', of: ['case', 'state', 'closed', 'active'], choices: ['reopen', 'keep_closed'] },
  { rule: 'two_primaries', severity: 'high', of: ['assignment', '', SAM.name, DANA.name], choices: sides('a', 'b') },
  { rule: 'same_client_twice', severity: 'high', of: ['person', '', ''], choices: ['link', 'keep_apart'] },
  { rule: 'same_drug', severity: 'medium', of: ['medication', '', 'Ibuprofen, 400 mg', 'Advil, 400 mg'], choices: ['one_entry', 'keep_both'], details: [['ingredient', 'ibuprofen']] },
  { rule: 'signed_and_edited', severity: 'medium', of: ['note', 's.text', 'Home visit. The heating is fixed.', 'Home visit. The heating is fixed, the bill is not paid.'], choices: ['addendum', 'discard'] },
  { rule: 'visit_logged_twice', severity: 'medium', of: ['visit', '', 'Home visit', 'Check on the heating'], choices: ['link', 'keep_apart'], details: times() },
  { rule: 'field', severity: 'medium', of: ['person', 'phone', '555-0144', '555-0199'], choices: sides('a', 'b') },
  { rule: 'field', severity: 'low', of: ['person', 'summary', 'Lives with two children.', ''], choices: sides('a', 'b') },
  { rule: 'settled_differently', severity: 'high', of: ['settlement', '', '', ''], choices: sides('a', 'b'), details: [['rule', 'visit_logged_twice'], ['reason:a', 'I was there, it was one visit.']] },
  { rule: 'something_new', severity: 'low', of: ['person', 'phone', '1', '2'], choices: ['something_newer'] },
];

function side(rule: string, [kind, key]: Short['of'], value: string, n: number): FindingSide {
  const by = n % 2 ? DANA : SAM;
  const id = n === 0 ? 'a' : 'b';
  const shownKey = rule === 'settled_differently' ? (n === 0 ? 'link' : 'keep_apart') : key;
  return { id, kind: rule === 'allergy_and_drug' && n === 1 ? 'allergy' : kind, record: idOf(n + 1), key: shownKey, value, author: by.name, at: NOW - (n + 3) * HOUR_MS };
}

function finding(view: CaseView, { of, ...short }: Short, n: number): FindingView {
  const made = of.slice(2).map((value, i) => side(short.rule, of, value, i));
  if (made.length < 2) made.push({ id: 'elsewhere', kind: 'elsewhere', record: '', key: '', value: '', author: '', at: 0 });
  return { id: `${short.rule}/${n}`, case: view.case, case_name: view.name, sides: made, details: [], reason_needed: false, reserved_for: null, settled: null, ...short };
}

/** Day from today, hours from midnight, minutes of travel, whose. */
const WEEK: [days: number, from: number, to: number, travel: number, who: { staff: string }, title: string, type: string][] = [
  [-1, 9, 10, 20, SAM, 'Home visit', 'visit'],
  [0, 8.5, 9, 0, SAM, 'Call the housing office', 'phone'],
  [0, 9.5, 11, 40, SAM, 'Parole hearing', 'court'],
  [0, 10, 11, 15, SAM, 'Home visit', 'visit'],
  [0, 10, 11.5, 0, DANA, 'Clinic', 'medical'],
  [0, 13, 13.25, 0, SAM, 'Check-in', 'phone'],
  [0, 15, 16.5, 30, LEE, 'Benefits interview', 'office'],
  [1, 6.5, 8, 45, SAM, 'Release from the facility', 'visit'],
  [1, 9, 10, 0, DANA, 'Intake', 'office'],
  [2, 14, 15, 25, SAM, 'Legal aid', 'legal'],
  [3, 19, 21.5, 20, SAM, 'Family evening at the shelter', 'other'],
  [4, 11, 12, 0, DANA, 'School meeting', 'other'],
];

function appointment(n: number, [days, from, to, travel, who, title, type]: (typeof WEEK)[number]): RecordView {
  const moment = (hours: number): string => at(days, Math.floor(hours), Math.round((hours % 1) * 60));
  const values: Record<string, string> = { title, start: moment(from), end: moment(to), staff: who.staff, type, place: n % 3 ? '' : '12 Harbour Road', travel_min: String(travel), state: n === 9 ? 'proposed' : 'booked' };
  const fields = Object.entries(values).map(([key, value]) => ({ key, value, author: SAM.name, at: NOW, sides: [] }));
  return { kind: 'appointment', id: idOf(0x7000 + n), author: SAM.name, unconfirmed: false, at: NOW, fields, next: [], read_as: [] };
}

export function makeBusy(cases: readonly CaseView[]): void {
  for (const view of cases) {
    view.findings = [];
    view.records = view.records.filter(({ kind }) => kind !== 'appointment');
  }
  for (const [n, short] of FINDINGS.entries()) {
    const view = cases[(n % 12) + 7];
    if (view) view.findings = [...view.findings, finding(view, short, n)];
  }
  for (const [n, row] of WEEK.entries()) cases[n + 20]?.records.push(appointment(n, row));
}
