// A record in words: its title, and the values of its fields. Owns the rule that a confidential
// address is in no title.

import type { RecordView } from '../../generated';
import { checkText, codeText, kindName, stateText, t } from '../../i18n';
import { ofKind, text } from './read';
import type { OpenCase } from './open-case.svelte';
import { fieldOf, STATE } from './schema';
import { dayText, momentText } from './time';

type Surroundings = Pick<OpenCase, 'view' | 'staff'>;

/** What makes a record's title, by kind; all of it that holds something. */
const TITLES: Readonly<Record<string, readonly string[]>> = {
  case: ['program'],
  assignment: ['staff', 'role'],
  client: ['name'],
  relation: ['name', 'relation'],
  address: ['text'],
  phone: ['number', 'use'],
  flag: ['kind'],
  strength: ['text'],
  appointment: ['title'],
  medication: ['name'],
  allergy: ['substance'],
  visit: ['mode', 'outcome'],
  task: ['title'],
  assessment: ['title', 'date'],
  need: ['text', 'category'],
  plan: ['title'],
  goal: ['words'],
  step: ['text'],
  progress: ['date', 'number', 'text'],
  plan_signature: ['name', 'role', 'date'],
  proposal: ['text'],
  plan_review: ['date', 'fit', 'amount'],
  coverage: ['payer'],
  authorization: ['service', 'number'],
  unit_use: ['date', 'units'],
  denial: ['service', 'track', 'notice_date'],
  appeal: ['denial', 'level'],
  evidence: ['title'],
  supervision: ['facility', 'number'],
  condition: ['text'],
  conduct: ['date', 'type', 'text'],
  release_step: ['element', 'title'],
  release_move: ['from', 'to'],
  transfer: ['from', 'to'],
  sharing: ['staff', 'purpose'],
  ruling: ['staff', 'verdict'],
};

export function isConfidential(record: RecordView): boolean {
  const field = record.fields.find((one) => one.key === 'confidential');
  // While people disagree about it, it is.
  return record.kind === 'address' && (field?.value === 'yes' || (field?.sides ?? []).some((side) => side.value === 'yes'));
}

export function titleKeys(record: RecordView): readonly string[] {
  return isConfidential(record) ? [] : (TITLES[record.kind] ?? []);
}

export function titleOf(record: RecordView, within: Surroundings): string {
  if (isConfidential(record)) return t.hidden_value;
  const parts = titleKeys(record).map((key) => valueOf(record.kind, key, text(record, key), within));
  return parts.filter((part) => part !== '').join(', ') || kindName(record.kind);
}

export function valueOf(kind: string, key: string, value: string, within: Surroundings): string {
  if (value === '') return '';
  if (key === STATE) return stateText(kind, value);
  if (kind === 'visit' && key === 'ticked') return value.split('\n').map(checkText).join(', ');
  const holds = fieldOf(kind, key)?.holds;
  switch (holds?.type) {
    case 'choice':
      return codeText(kind, key, value);
    case 'flag':
      return codeText(kind, key, 'yes');
    case 'date':
      return dayText(value);
    case 'time':
      return /^\d+$/.test(value) ? momentText(Number(value)) : value;
    case 'number':
      return key === 'travel_min' ? t.record_minutes(value) : value;
    case 'staff':
      return within.staff.name(value) || value;
    case 'record': {
      const found = ofKind(within.view.records, holds.kind).find((one) => one.id === value);
      return found ? titleOf(found, within) : value;
    }
    default:
      return value;
  }
}
