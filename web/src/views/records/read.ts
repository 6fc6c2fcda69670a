// Reading a record as the engine answers it. Owns the rule for a state that people left in two ways:
// what stands in either of them still stands, until somebody has looked at it.

import type { FieldView, RecordView } from '../../generated';
import { isPast, STATE } from './schema';

export function held(record: RecordView, key: string): FieldView | undefined {
  return record.fields.find((field) => field.key === key);
}

export function text(record: RecordView, key: string): string {
  return held(record, key)?.value ?? '';
}

export function stateOf(record: RecordView): string {
  return text(record, STATE);
}

/** All the states that it is in at present: one, unless people disagree. */
export function statesOf(record: RecordView): string[] {
  const field = held(record, STATE);
  if (field === undefined) return [];
  return field.sides.length > 1 ? field.sides.map((side) => side.value) : [field.value];
}

export function isCurrent(record: RecordView): boolean {
  const states = statesOf(record);
  return states.length === 0 || states.some((state) => !isPast(record.kind, state));
}

/** A moment, where the field holds one. */
export function time(record: RecordView, key: string): number | undefined {
  const value = text(record, key);
  return /^\d+$/.test(value) ? Number(value) : undefined;
}

export function ofKind(records: readonly RecordView[], ...kinds: string[]): RecordView[] {
  return records.filter((record) => kinds.includes(record.kind));
}

/** The value by which lists of a kind are in order, and whether the latest comes first. */
const ORDER: Readonly<Record<string, { key: string; newestFirst: boolean }>> = {
  appointment: { key: 'start', newestFirst: false },
  visit: { key: 'start', newestFirst: true },
  task: { key: 'due', newestFirst: false },
  medication: { key: 'name', newestFirst: false },
  allergy: { key: 'substance', newestFirst: false },
};

export function inOrder(records: readonly RecordView[]): RecordView[] {
  return records.toSorted((a, b) => {
    const order = ORDER[a.kind];
    if (order === undefined) return b.at - a.at;
    const [x, y] = [text(a, order.key), text(b, order.key)];
    // What has no date comes last.
    if (x === '' || y === '') return Number(x === '') - Number(y === '');
    return (order.newestFirst ? -1 : 1) * x.localeCompare(y, undefined, { numeric: true });
  });
}
