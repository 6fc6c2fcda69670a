// Records and notes of the made-up agency, and a likeness of how the engine changes them: enough to
// walk through the forms. Never part of the app.

import type { CaseView, Failure, FieldView, FindingView, NewNoteView, NoteView, PastView, RecordView, Stage, StaffView, WordsView } from '../../generated';
import { kindOf, MISTAKE, STATE } from '../records/schema';
import { DAY_MS, HOUR_MS, NOW, idOf } from './fake-ids';

export const WORDS: WordsView = {
  en: ['harvest', 'window', 'silver', 'guitar', 'orange', 'bridge'],
  es: ['gallina', 'ventana', 'mármol', 'fuente', 'naranja', 'puente'],
};
export const OTHER_WORDS: WordsView = {
  en: ['candle', 'river', 'planet', 'velvet', 'thunder', 'basket'],
  es: ['cometa', 'río', 'pluma', 'tejado', 'trueno', 'bolsa'],
};
export const STAFF = [
  { profile: 'b1', staff: idOf(0xa1), name: 'Sam Rivera', role: 'supervisor', me: true, may_revoke: false, words: null, may_confirm: false, cases: 22 },
  { profile: 'b5', staff: idOf(0xa1), name: 'Sam Rivera', role: 'supervisor', me: false, may_revoke: false, words: null, may_confirm: false, cases: 22 },
  { profile: 'b2', staff: idOf(0xa2), name: 'Dana Ito', role: 'worker', me: false, may_revoke: true, words: null, may_confirm: true, cases: 22 },
  { profile: 'b3', staff: idOf(0xa3), name: 'Lee Okafor', role: 'worker', me: false, may_revoke: true, words: WORDS, may_confirm: true, cases: 22 },
] satisfies [StaffView, StaffView, StaffView, StaffView];
const [SAM, , DANA] = STAFF;

function record(n: number, kind: string, hours: number, values: Record<string, string>, more: Partial<RecordView> = {}): RecordView {
  const by = n % 2 ? DANA : SAM;
  const made: RecordView = { kind, id: idOf(0x1000 + n), author: by.name, unconfirmed: false, at: NOW - hours * HOUR_MS, fields: [], next: [], read_as: [], ...more };
  if (kindOf(kind)?.single) made.id = kind;
  write(made, { [STATE]: kindOf(kind)?.states[0]?.code ?? '', ...values }, by.name, made.at);
  return { ...made, ...more };
}

/** Sets fields as the engine shows them: in the order of the schema, those that hold something. */
function write(to: RecordView, values: Record<string, string>, author: string, at: number): void {
  const kind = kindOf(to.kind);
  const byKey = new Map(to.fields.map((field) => [field.key, field]));
  for (const [key, value] of Object.entries(values)) byKey.set(key, { key, value, author, at, sides: [] });
  to.fields = [...(kind?.fields.map((field) => field.key) ?? []), STATE].flatMap((key) => {
    const field = byKey.get(key);
    return field && field.value !== '' ? [field] : [];
  });
  const state = byKey.get(STATE)?.value;
  to.next = [...(kind?.states.find((one) => one.code === state)?.next ?? [])];
}

function twoSided(of: RecordView, key: string, other: string): RecordView {
  const field = of.fields.find((one) => one.key === key);
  if (field) {
    field.sides = [
      { id: 'x', value: field.value, author: SAM.name, at: NOW - 4 * HOUR_MS },
      { id: 'y', value: other, author: DANA.name, at: NOW - 6 * HOUR_MS },
    ];
  }
  return of;
}

export function recordsOf(n: number): RecordView[] {
  const start = (hours: number): string => String(NOW + hours * HOUR_MS);
  const case_ = record(1, 'case', 900, { state: ['active', 'screening', 'on_hold'][n % 3] ?? '', acuity: String((n % 4) + 1), program: 'Re-entry' });
  if (n !== 5) return n % 6 === 0 ? [case_, record(2, 'flag', 80, { kind: 'animal', evidence: 'Large dog in the yard, not on a leash.' })] : n % 7 === 3 ? [] : [case_];
  return [
    case_,
    record(3, 'flag', 90, { kind: 'violence', evidence: 'Brother threatened a worker in March.', review_due: '2026-12-01' }),
    twoSided(record(4, 'flag', 70, { kind: 'confidential_address', state: 'active' }), STATE, 'cleared'),
    record(5, 'client', 800, { name: 'Lucía Herrera', birth_date: '2015-06-02', goals: '“I want to stay at my school.”' }),
    record(6, 'relation', 700, { name: 'Mr. Okoye', relation: 'officer', phone: '555-0170', authority: 'none', remarks: 'Parole officer; prefers mornings.' }),
    record(7, 'address', 500, { text: 'Transition House, 40 Mill Lane, Room 12', use: 'temporary', confidential: 'yes', verified_at: '2026-11-02' }),
    record(8, 'address', 900, { text: '1189 West Elm Street, Apt 4B', use: 'home', state: 'old' }),
    record(9, 'phone', 300, { number: '555-0144', use: 'mobile', safe_to_call: 'ask', message_ok: 'no', hours: 'After 17:00' }),
    record(10, 'strength', 400, { text: 'Has worked as a welder for eight years; the former employer would take him back.', kind: 'strength', area: 'Work' }),
    record(11, 'medication', 210, { name: 'Demerol 50 mg tablets', dose: '50 mg', route: 'by mouth', frequency: 'every 6 hours when in pain', prescriber: 'Dr. Meyer', taking: 'differently' }, { read_as: ['meperidine'] }),
    twoSided(record(12, 'medication', 190, { name: 'Sertraline', dose: '50 mg', frequency: 'mornings' }, { read_as: ['sertraline'] }), 'dose', '100 mg'),
    record(13, 'medication', 100, { name: 'Grandmother’s drops', frequency: 'at night', reporter: 'Client' }),
    record(14, 'medication', 600, { name: 'Ibuprofen', dose: '400 mg', state: 'stopped', stopped_reason: 'Stomach pain' }, { read_as: ['ibuprofen'] }),
    record(15, 'allergy', 600, { substance: 'Penicillin', reaction: 'Rash on both arms', severity: 'moderate' }),
    record(16, 'appointment', 60, { title: 'Parole hearing', start: start(26), end: start(27), staff: SAM.staff, type: 'court', place: 'County court, room 3', travel_min: '40' }),
    record(17, 'appointment', 50, { title: 'Housing office', start: start(75), end: start(76), staff: DANA.staff, type: 'office' }),
    record(18, 'appointment', 400, { title: 'Clinic', start: start(-170), end: start(-169), staff: SAM.staff, type: 'medical', state: 'noshow' }),
    record(19, 'visit', 49, { mode: 'in_person', start: start(-50), end: start(-49), staff: SAM.staff, outcome: 'made', purpose: 'Home visit', present: 'Client, mother' }),
    record(20, 'visit', 22, { mode: 'phone', start: start(-22), staff: DANA.staff, outcome: 'no_answer' }),
    record(21, 'task', 30, { title: 'Ask Dr. Meyer for a 30-day supply', due: '2026-11-25', owner: SAM.staff, priority: 'urgent' }),
    record(22, 'task', 130, { title: 'Winter coat, size L', state: 'completed', owner: DANA.staff }),
    record(23, 'task', 140, { title: 'Typed into the wrong case', state: MISTAKE }),
    record(24, 'assignment', 900, { staff: SAM.staff, role: 'primary', from: '2026-10-01' }),
  ];
}

/** What the engine's `put_record` does, with the checks that forms have to answer. */
export function putRecord(view: CaseView, kind: string, id: string | null, values: [string, string][], now: number): { id: string } | { failure: Failure } {
  if (kind === 'person') {
    const long = values.find(([, value]) => value.length > 4096);
    if (long) return { failure: { code: 'too_long', field: long[0], max: 4096 } };
    for (const [key, value] of values) setField(view, key, value, now);
    return { id: '' };
  }
  const def = kindOf(kind);
  if (!def) return { failure: { code: 'unknown_field', field: kind } };
  const existing = view.records.find((one) => one.kind === kind && one.id === id);
  const given = Object.fromEntries(values);
  for (const field of def.fields) {
    const value = given[field.key];
    if (field.required && (existing ? value === '' : !value)) return { failure: { code: 'empty', field: field.key } };
    if (field.holds.type === 'number' && value && !(Number(value) <= field.holds.max)) return { failure: { code: 'bad_value', field: field.key, expected: `${field.holds.min} to ${field.holds.max}` } };
  }
  if (given['start'] && given['end'] && Number(given['end']) <= Number(given['start'])) return { failure: { code: 'bad_value', field: 'end', expected: 'later than the start' } };
  const to = existing ?? { kind, id: def.single ? kind : idOf(0x9000 + view.records.length), author: SAM.name, unconfirmed: false, at: now, fields: [], next: [], read_as: [] };
  write(to, existing ? given : { [STATE]: def.states[0]?.code ?? '', ...given }, SAM.name, now);
  if (!existing) view.records.push(to);
  return { id: to.id };
}

export function historyOf(field: FieldView | undefined): PastView[] {
  if (!field || field.at === null) return [];
  return [
    { value: field.value, author: field.author, at: field.at },
    { value: `${field.value} (before)`, author: DANA.name, at: field.at - 3 * DAY_MS },
    { value: '', author: SAM.name, at: field.at - 9 * DAY_MS },
  ];
}

const TEXTS = [
  'Home visit. Client reports the landlord has agreed to fix the heating by Friday. Looked at the notice together; the date on it is the 14th. Will call the housing office tomorrow.',
  'Phone call. Missed the appointment at the clinic because the bus did not come. New appointment on Tuesday 10:00, asked for a ride.',
  'Met at the facility. Release date moved to the 28th. ID card application signed. Needs a winter coat, size L.\n\nNext: confirm the bed at the transition house, ask Dr. Meyer for a 30-day supply of medication, tell the parole officer.',
  'Short check-in. Children are back at school. Food parcel picked up.',
];

export function notesOf(n: number): NoteView[] {
  const stages: Stage[] = ['received', 'seen', 'sent', 'here', 'held'];
  return Array.from({ length: n % 7 }, (_, i) => {
    const stage = stages[(n === 5 ? i + 3 : i + n) % stages.length] ?? 'sent';
    const at = NOW - i * 30 * HOUR_MS - n * HOUR_MS - 600_000;
    const author = stage === 'received' ? DANA.name : SAM.name;
    const note: NoteView = {
      ...bare(idOf(n * 16 + i), [['text', TEXTS[(n + i) % TEXTS.length] ?? '']], author, at),
      state: i === 5 ? '' : 'signed',
      imported: i === 5,
      stage,
      seen_by: stage === 'seen' ? [DANA.name, 'Lee Okafor'] : [],
    };
    if (note.state === 'signed') note.signatures = [{ name: author, at, cosign: false }];
    if (n === 5) Object.assign(note, VARIETY[i]);
    if (n === 5 && i === 4) note.addendum_to = idOf(n * 16 + 2);
    return note;
  });
}

const VARIETY: Partial<NoteView>[] = [
  { state: 'draft', signatures: [], may_edit: true, may_sign: true },
  {
    state: 'cosign-pending',
    format: 'soap',
    may_sign: true,
    sections: [
      ['subjective', '“I have not slept since the letter came.”'],
      ['objective', 'Tired, on time, letter in hand.'],
      ['assessment', 'Fears eviction; deadline for an appeal is near.'],
      ['plan', 'Call the legal clinic today, see again on Thursday.'],
    ],
  },
  { happened_at: NOW - 5 * DAY_MS },
  { struck: { value: 'Written into the wrong case.', author: SAM.name, at: NOW - HOUR_MS }, may_strike: false },
  {},
];

function bare(id: string, sections: [string, string][], author: string, at: number): NoteView {
  return {
    id,
    format: 'narrative',
    sections,
    state: 'draft',
    author,
    unconfirmed: false,
    at,
    made: null,
    revision: '1',
    happened_at: null,
    signatures: [],
    addendum_to: null,
    struck: null,
    may_edit: false,
    may_sign: false,
    may_strike: author === SAM.name,
    imported: false,
    stage: 'here',
    seen_by: [],
  };
}

export function newNote(view: CaseView, note: NewNoteView, now: number): NoteView {
  const made = bare(idOf(0x8000 + view.notes.length), note.sections, SAM.name, now);
  const { format, happened_at, addendum_to } = note;
  Object.assign(made, { format, happened_at, addendum_to, may_edit: !note.sign, may_sign: !note.sign });
  if (note.sign) sign(made, note.cosign, now);
  return made;
}

export function sign(note: NoteView, cosign: boolean, now: number): void {
  const second = note.state === 'cosign-pending';
  note.signatures.push({ name: SAM.name, at: now, cosign: second });
  Object.assign(note, { state: second ? 'cosigned' : cosign ? 'cosign-pending' : 'signed', may_edit: false, may_sign: false });
}

export function findingsOf(n: number, name: string): FindingView[] {
  if (n !== 5) return [];
  const side = (id: string, record: string, value: string, author: string): FindingView['sides'][number] => ({ id, kind: 'medication', record, key: '', value, author, at: NOW - 5 * HOUR_MS });
  return [
    {
      id: 'f1',
      case: idOf(n),
      case_name: name,
      rule: 'interaction',
      severity: 'critical',
      sides: [side('a', idOf(0x100b), 'Demerol 50 mg tablets', DANA.name), side('b', idOf(0x100c), 'Sertraline 50 mg', SAM.name)],
      details: [['effect', 'Too much serotonin: fever, shaking, confusion.']],
      choices: ['escalate', 'acknowledge'],
      reason_needed: true,
      reserved_for: null,
      settled: null,
    },
  ];
}

function setField(view: CaseView, key: string, value: string, now: number): void {
  const field = view.fields.find((one) => one.key === key);
  if (field) Object.assign(field, { value, author: SAM.name, at: now, sides: [] });
  view.findings = view.findings.filter((one) => one.id !== idOfField(key));
}

const idOfField = (key: string): string => `field/person/${key}`;

export function fieldFinding(n: number, name: string, { key, sides }: FieldView): FindingView {
  return {
    id: idOfField(key),
    case: idOf(n),
    case_name: name,
    rule: 'field',
    severity: 'medium',
    sides: sides.map((side) => ({ ...side, kind: 'person', record: '', key })),
    details: [['field', key]],
    choices: sides.map((side) => `side:${side.id}`),
    reason_needed: false,
    reserved_for: null,
    settled: null,
  };
}

/** One of a field's values is chosen: it is the field's from now on. */
export function takeSide(view: CaseView, finding: FindingView, choice: string): void {
  const taken = finding.sides.find((side) => choice === `side:${side.id}`);
  const field = view.fields.find((one) => finding.id === idOfField(one.key));
  if (taken && field) Object.assign(field, { value: taken.value, sides: [] });
}
