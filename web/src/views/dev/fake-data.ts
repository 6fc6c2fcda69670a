// A made-up agency for looking at the screens without an engine. Never part of the app.

import type { CaseView, FieldView, NoteView, Stage } from '../../generated';

export const NOW = Date.now();
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

const GIVEN = ['Ana', 'Marcus', 'Priya', 'José', 'Aaliyah', 'Tom', 'Guadalupe', 'Wei', 'Fatima', 'Denise', 'Oluwaseun', 'Ruth'];
const FAMILY = ['Delgado', 'Whitfield', 'Raman', 'Herrera', 'Johnson', 'O’Neill', 'Santiago', 'Chen', 'Al-Sayed', 'Kowalczyk', 'Adeyemi', 'Goldberg', 'Vandenberg-Montgomery'];
const NOTES = [
  'Home visit. Client reports the landlord has agreed to fix the heating by Friday. Looked at the notice together; the date on it is the 14th. Will call the housing office tomorrow.',
  'Phone call. Missed the appointment at the clinic because the bus did not come. New appointment on Tuesday 10:00, asked for a ride.',
  'Met at the facility. Release date moved to the 28th. ID card application signed. Needs a winter coat, size L.\n\nNext: confirm the bed at the transition house, ask Dr. Meyer for a 30-day supply of medication, tell the parole officer.',
  'Short check-in. Children are back at school. Food parcel picked up.',
];

function at<T>(list: readonly T[], n: number): T {
  const found = list[n % list.length];
  if (found === undefined) throw new Error('empty list');
  return found;
}

export const KEYS = [
  'name.given',
  'name.family',
  'name.preferred',
  'number',
  'birth_date',
  'age',
  'gender',
  'language',
  'interpreter',
  'phone',
  'address',
  'location',
  'program',
  'status',
  'acuity',
  'summary',
];

function field(key: string, value: string, n: number): FieldView {
  return {
    key,
    value,
    author: value ? at(['Sam Rivera', 'Dana Ito'], n) : '',
    at: value ? NOW - n * 7 * HOUR_MS - 5 * HOUR_MS : null,
    sides: [],
  };
}

function notesOf(n: number): NoteView[] {
  const stages: Stage[] = ['received', 'seen', 'sent', 'here', 'held'];
  return Array.from({ length: n % 7 }, (_, i) => {
    const stage = n === 5 ? at(stages, i + 3) : at(stages, i + n);
    return {
      id: `${n}-${i}`,
      text: at(NOTES, n + i),
      author: stage === 'received' ? 'Dana Ito' : 'Sam Rivera',
      at: NOW - i * 30 * HOUR_MS - n * HOUR_MS - 600_000,
      imported: i === 5,
      stage,
      seen_by: stage === 'seen' ? ['Dana Ito', 'Lee Okafor'] : [],
    };
  });
}

/** A case's id as the engine makes them: hex. */
export function idOf(n: number): string {
  return n.toString(16).padStart(32, '0');
}

export function caseOf(n: number): CaseView {
  const values: Record<string, string> = {
    'name.given': at(GIVEN, n),
    'name.family': at(FAMILY, n * 5 + 1),
    number: `CN-${String(n + 1).padStart(3, '0')}`,
    birth_date: n % 3 === 0 ? '1984-03-17' : '',
    age: String(20 + ((n * 7) % 60)),
    gender: n % 2 ? 'Male' : 'Female',
    phone: n % 4 === 3 ? '' : `555-01${String(n % 100).padStart(2, '0')}`,
    address: n % 2 ? '' : '1189 West Elm Street, Apt 4B\nSpringfield',
    status: at(['active', 'screening', 'on_hold'], n),
    program: at(['Re-entry', 'Family support', 'Housing first'], n),
    summary: n % 2 ? '' : 'Lives with two children and her mother. Speaks best in the mornings.',
  };
  const fields = KEYS.map((key, i) => field(key, values[key] ?? '', i + 1));
  if (n % 5 === 0) fields.push(field('extra.archetype_id', 'rural_single_parent', 3), field('extra.complexity_level', '3', 3));
  if (n === 3 || n === 5) {
    const phone = fields.find((one) => one.key === 'phone');
    if (phone) {
      phone.value = '555-0144';
      phone.sides = [
        { id: 'a', value: '555-0144', author: 'Sam Rivera', at: NOW - 3 * HOUR_MS },
        { id: 'b', value: '555-0199', author: 'Dana Ito', at: NOW - 5 * HOUR_MS },
      ];
    }
  }
  if (n === 5) {
    const address = fields.find((one) => one.key === 'address');
    if (address) {
      address.value = '12 Harbour Road';
      address.sides = [
        { id: 'c', value: '12 Harbour Road', author: 'Sam Rivera', at: NOW - 26 * HOUR_MS },
        { id: 'd', value: 'Transition House, 40 Mill Lane, Room 12, ask for Mrs. Petrov at the desk', author: 'Lee Okafor', at: NOW - 28 * HOUR_MS },
      ];
    }
  }
  return {
    case: idOf(n),
    name: `${values['name.given'] ?? ''} ${values['name.family'] ?? ''}`,
    fields,
    notes: notesOf(n),
    draft: n === 2 ? 'Called twice, nobody picked up. Left a message with the neighbour about' : '',
    team: [
      { profile: 'p1', name: 'Sam Rivera', role: 'supervisor', invited: false, me: true },
      { profile: 'p2', name: 'Dana Ito', role: 'worker', invited: false, me: false },
    ],
    may_add: [
      { profile: 'p3', name: 'Lee Okafor', role: 'worker', invited: false, me: false },
      { profile: 'p4', name: 'Noor Haddad', role: 'auditor', invited: true, me: false },
    ],
  };
}
