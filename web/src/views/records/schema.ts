// The kinds of record and the formats of notes as the core's tables have them, with the types that
// forms need. Owns no definition; a kind or format that only a newer app knows is not found here.

import { FORMATS, KINDS } from '../../generated/schema';

export type Holds =
  | { type: 'text'; max: number }
  | { type: 'choice'; codes: readonly string[] }
  | { type: 'date' }
  | { type: 'time' }
  | { type: 'number'; min: number; max: number }
  | { type: 'flag' }
  | { type: 'staff' }
  | { type: 'record'; kind: string };

export interface FieldDef {
  key: string;
  required: boolean;
  holds: Holds;
}

export interface KindDef {
  code: string;
  single: boolean;
  fields: readonly FieldDef[];
  states: readonly { code: string; next: readonly string[] }[];
}

export interface FormatDef {
  code: string;
  sections: readonly { key: string; required: boolean }[];
}

export const kinds: readonly KindDef[] = KINDS;
export const formats: readonly FormatDef[] = FORMATS;

export const STATE = 'state';
/** The state of a record that ought never to have been made. */
export const MISTAKE = 'entered-in-error';

export function kindOf(code: string): KindDef | undefined {
  return kinds.find((kind) => kind.code === code);
}

export function fieldOf(kind: string, key: string): FieldDef | undefined {
  return kindOf(kind)?.fields.find((field) => field.key === key);
}

export function formatOf(code: string): FormatDef | undefined {
  return formats.find((format) => format.code === code);
}

/** What the steps of a visit write: no form asks for it, and what is for programs is not shown either. */
const BY_STEPS: Readonly<Record<string, readonly string[]>> = {
  visit: ['ticked', 'note', 'next', 'signed_how', 'signed_by', 'signed_at', 'signature', 'step'],
};
const UNSHOWN: Readonly<Record<string, readonly string[]>> = { visit: ['note', 'signature', 'step'] };

export function isWrittenBySteps(kind: string, field: string): boolean {
  return (BY_STEPS[kind] ?? []).includes(field);
}

export function isShown(kind: string, field: string): boolean {
  return !(UNSHOWN[kind] ?? []).includes(field);
}

/** States in which a record is over and done with; it moves out of the way. */
const PAST: Readonly<Record<string, readonly string[]>> = {
  case: ['closed'],
  assignment: ['ended'],
  address: ['old'],
  phone: ['old'],
  flag: ['cleared'],
  strength: ['resolved'],
  appointment: ['fulfilled', 'cancelled', 'noshow'],
  medication: ['stopped'],
  allergy: ['inactive', 'refuted'],
  task: ['completed', 'cancelled'],
  transfer: ['declined', 'cancelled', 'completed'],
  sharing: ['ended'],
  need: ['resolved'],
  plan: ['revoked', 'completed'],
  goal: ['completed', 'cancelled'],
  step: ['completed', 'cancelled'],
  proposal: ['accepted', 'declined', 'withdrawn'],
  coverage: ['ended'],
  authorization: ['ended'],
  denial: ['overturned', 'partly', 'upheld', 'withdrawn'],
  appeal: ['overturned', 'partly', 'upheld', 'dismissed', 'withdrawn'],
  evidence: ['sent', 'dropped'],
  condition: ['met', 'ended'],
  release_step: ['completed', 'cancelled'],
};

export function isPast(kind: string, state: string): boolean {
  return state === MISTAKE || (PAST[kind] ?? []).includes(state);
}

/** Where a state wants to be told why, the field that takes it. */
const REASONS: Readonly<Record<string, string>> = {
  'case/closed': 'close_reason',
  'flag/cleared': 'cleared_reason',
  'medication/stopped': 'stopped_reason',
};

export function reasonFor(kind: string, state: string): string | undefined {
  return REASONS[`${kind}/${state}`];
}

/** It is asked for when such a state is chosen, and nowhere else while it is empty. */
export function isReason(kind: string, field: string): boolean {
  return Object.entries(REASONS).some(([state, key]) => key === field && state.startsWith(`${kind}/`));
}
