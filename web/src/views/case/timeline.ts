// What happened in a case, by time. Owns what counts as an event: a note (addenda stand below the
// note they belong to), a visit, an appointment, a task, and a change of state after the beginning.

import type { CaseView, NoteView, RecordView } from '../../generated';
import { held, time } from '../records/read';
import { STATE } from '../records/schema';

export type Event =
  | { what: 'note'; key: string; at: number; note: NoteView; addenda: NoteView[] }
  | { what: 'record'; key: string; at: number; record: RecordView }
  | { what: 'state'; key: string; at: number; record: RecordView; state: string; author: string };

const EVENTS = ['visit', 'appointment', 'task'];

/** A note with what was added to it, oldest first. */
export function withAddenda(notes: readonly NoteView[]): { note: NoteView; addenda: NoteView[] }[] {
  const ids = new Set(notes.map((note) => note.id));
  const own = notes.filter((note) => note.addendum_to === null || !ids.has(note.addendum_to));
  return own.map((note) => ({ note, addenda: below(notes, note.id, new Set([note.id])) }));
}

/** Those of an addendum too; `seen` ends a ring, which only a broken document could hold. */
function below(notes: readonly NoteView[], id: string, seen: Set<string>): NoteView[] {
  const direct = notes.filter((note) => note.addendum_to === id && !seen.has(note.id)).toSorted((a, b) => a.at - b.at);
  return direct.flatMap((note) => [note, ...below(notes, note.id, seen.add(note.id))]);
}

/** Newest first. */
export function eventsOf(view: CaseView): Event[] {
  const events: Event[] = withAddenda(view.notes).map((one) => ({
    what: 'note',
    key: `note/${one.note.id}`,
    at: one.note.happened_at ?? one.note.at,
    ...one,
  }));
  for (const record of view.records) {
    const key = `${record.kind}/${record.id}`;
    if (EVENTS.includes(record.kind)) events.push({ what: 'record', key, at: time(record, 'start') ?? record.at, record });
    const state = held(record, STATE);
    if (state && state.at !== null && (state.at > record.at || record.kind === 'case')) {
      events.push({ what: 'state', key: `${key}/state`, at: state.at, record, state: state.value, author: state.author });
    }
  }
  return events.toSorted((a, b) => b.at - a.at || a.key.localeCompare(b.key));
}
