// What stands in a record's form: its boxes, from the record and back. Owns the rule that only what
// was changed is sent, so that a form never writes over a colleague's field that nobody touched.

import type { RecordView } from '../../generated';
import { today } from '../../i18n';
import { text } from './read';
import type { FieldDef, KindDef } from './schema';
import { fromBox, soon, toBox } from './time';
import { changed, decoded, encoded, type Values } from './typed';

/** Kinds of which another record is nearly always a part. */
const NAMED = ['plan', 'goal', 'need', 'denial', 'supervision', 'authorization', 'coverage'];
const HOUR_MS = 3_600_000;

/** As the boxes show it: moments in local time. */
function inBox(field: FieldDef, value: string): string {
  return field.holds.type === 'time' && /^\d+$/.test(value) ? toBox(Number(value)) : value;
}

/** As the records hold it. */
function fromField(field: FieldDef, typed: string): string {
  if (field.holds.type === 'time') return String(fromBox(typed) ?? '');
  return typed.trim();
}

/** What a new record is likely to say. */
function proposed(kind: KindDef, field: FieldDef, me: string, only: (kind: string) => string): string {
  // Where there is but one to choose, it is chosen.
  if (field.holds.type === 'record' && NAMED.includes(field.holds.kind)) return only(field.holds.kind);
  if (field.key === 'date') return today();
  if (field.holds.type === 'staff') return field.required ? me : '';
  if (field.key !== 'start') return '';
  return toBox(kind.code === 'visit' ? Math.floor(Date.now() / 60_000) * 60_000 : soon(Date.now()));
}

export class Form {
  values: Values = $state({});
  readonly #first: Values;

  constructor(
    readonly kind: KindDef,
    readonly record: RecordView | undefined,
    me: string,
    draft: string,
    only: (kind: string) => string = () => '',
  ) {
    this.#first = Object.fromEntries(
      kind.fields.map((field) => [field.key, record ? inBox(field, text(record, field.key)) : proposed(kind, field, me, only)]),
    );
    if (!record && 'end' in this.#first && kind.code === 'appointment') this.#first['end'] = this.#later(this.#first['start']);
    this.values = { ...this.#first, ...decoded(draft) };
  }

  #later(start: string | undefined): string {
    const ms = fromBox(start ?? '');
    return ms === undefined ? '' : toBox(ms + HOUR_MS);
  }

  set(key: string, value: string): void {
    // An appointment's end moves along with its start, as long as it stays.
    const [start, end] = [fromBox(this.values['start'] ?? ''), fromBox(this.values['end'] ?? '')];
    this.values[key] = value;
    const moved = key === 'start' ? fromBox(value) : undefined;
    if (moved !== undefined && start !== undefined && end !== undefined && end > start) this.values['end'] = toBox(moved + end - start);
  }

  startOver(): void {
    this.values = { ...this.#first };
  }

  /** For the draft. Of a record that exists only what was changed: the rest may be another by then. */
  draft(): string {
    const typed = changed(this.values, this.#first);
    return encoded(this.record || Object.keys(typed).length === 0 ? typed : this.values);
  }

  /** What to send: the fields that somebody has changed; of a new record, those that hold something or must. */
  changes(): [string, string][] {
    return this.kind.fields.flatMap((field): [string, string][] => {
      const typed = this.values[field.key] ?? '';
      if (this.record && typed === this.#first[field.key]) return [];
      const value = fromField(field, typed);
      return this.record || value !== '' || field.required ? [[field.key, value]] : [];
    });
  }
}
