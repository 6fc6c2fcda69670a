// How each field is typed in: which control, which choices. Owns no rules about values: a value from
// elsewhere that fits none of the choices is shown and kept as it is.

import type { HTMLInputAttributes } from 'svelte/elements';

export interface FieldControl {
  kind: 'line' | 'lines' | 'date' | 'choice';
  inputmode?: HTMLInputAttributes['inputmode'];
  choices?: readonly string[];
}

const CONTROLS: Readonly<Record<string, FieldControl>> = {
  birth_date: { kind: 'date' },
  age: { kind: 'line', inputmode: 'numeric' },
  phone: { kind: 'line', inputmode: 'tel' },
  address: { kind: 'lines' },
  summary: { kind: 'lines' },
  interpreter: { kind: 'choice', choices: ['yes', 'no'] },
};

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The control for a field that holds `value` at present. */
export function controlFor(key: string, value: string): FieldControl {
  const control = CONTROLS[key] ?? { kind: 'line' };
  // A date picker would wipe '3/4/85?' or 'about 1950'.
  if (control.kind === 'date' && value !== '' && !DATE.test(value)) return { kind: 'line' };
  return control;
}

/** Fields whose values are sentences: they take a whole line. */
export function isLong(key: string, value: string): boolean {
  return CONTROLS[key]?.kind === 'lines' || value.length > 28;
}

/** Asked for at once when a case begins; the others may wait. */
export const FIRST_FIELDS = ['name.given', 'name.family', 'number', 'phone'] as const;
export const LATER_FIELDS = [
  'name.preferred',
  'birth_date',
  'age',
  'gender',
  'language',
  'interpreter',
  'address',
  'location',
  'program',
  'summary',
] as const;
