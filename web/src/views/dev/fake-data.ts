// A made-up agency for looking at the screens without an engine. Never part of the app.

import type { CaseView, FieldView } from '../../generated';
import { careRecords } from './fake-care';
import { handOversOf, rulingsOf } from './fake-handing';
import { DAY_MS, HOUR_MS, idOf, NOW } from './fake-ids';
import { fieldFinding, findingsOf, notesOf, recordsOf } from './fake-records';

export { DAY_MS, HOUR_MS, idOf, NOW } from './fake-ids';

const GIVEN = ['Ana', 'Marcus', 'Priya', 'José', 'Aaliyah', 'Tom', 'Guadalupe', 'Wei', 'Fatima', 'Denise', 'Oluwaseun', 'Ruth'];
const FAMILY = ['Delgado', 'Whitfield', 'Raman', 'Herrera', 'Johnson', 'O’Neill', 'Santiago', 'Chen', 'Al-Sayed', 'Kowalczyk', 'Adeyemi', 'Goldberg', 'Vandenberg-Montgomery'];

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
  const name = `${values['name.given'] ?? ''} ${values['name.family'] ?? ''}`;
  return {
    case: idOf(n),
    name,
    fields,
    notes: notesOf(n),
    records: n === 5 ? [...recordsOf(n), ...careRecords()] : recordsOf(n),
    findings: [...findingsOf(n, name), ...fields.filter(({ sides }) => sides.length > 1).map((one) => fieldFinding(n, name, one))],
    newer: n === 4,
    team: [
      { profile: 'b1', name: 'Sam Rivera', role: 'supervisor', invited: false, unconfirmed: false, me: true, may_take_out: false, sharing: null },
      { profile: 'b2', name: 'Dana Ito', role: 'worker', invited: false, unconfirmed: true, me: false, may_take_out: true, sharing: n === 2 ? { purpose: 'help with the housing application', by: 'Sam Rivera', at: NOW - 30 * DAY_MS } : null },
    ],
    may_add: [
      { profile: 'b3', name: 'Lee Okafor', role: 'worker', invited: false, unconfirmed: false, me: false, may_take_out: true, sharing: null },
      { profile: 'b4', name: 'Noor Haddad', role: 'auditor', invited: true, unconfirmed: false, me: false, may_take_out: false, sharing: null },
    ],
    rulings: rulingsOf(n),
    hand_overs: handOversOf(n, name),
    compartments:
      n === 3
        ? [
            {
              case: idOf(999),
              kind: 'substance_use',
              readers: ['Dana Ito', 'Sam Rivera'],
              notes: 2,
              conflicts: 1,
              records: [{ kind: 'medication', id: '0a', text: 'methadone 40 mg', state: 'active' }],
            },
          ]
        : [],
    within: null,
    late: n === 2 ? [{ profile: 'b6', name: 'Chris Lund', changes: 3, may_rule: true }] : [],
  };
}
