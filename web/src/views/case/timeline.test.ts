// What a case's timeline shows, and in which order.

import { expect, it } from 'vitest';
import type { CaseView, NoteView, RecordView } from '../../generated';
import { eventsOf, withAddenda } from './timeline';

const note = (id: string, at: number, more: Partial<NoteView> = {}): NoteView => ({
  id,
  format: 'narrative',
  sections: [['text', id]],
  state: 'signed',
  author: 'Ana',
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
  may_strike: false,
  imported: false,
  stage: 'sent',
  seen_by: [],
  ...more,
});
const record = (kind: string, id: string, at: number, values: Record<string, string>, stateAt = at): RecordView => ({
  kind,
  id,
  author: 'Ben',
  unconfirmed: false,
  at,
  fields: Object.entries(values).map(([key, value]) => ({ key, value, author: 'Ben', at: key === 'state' ? stateAt : at, sides: [] })),
  next: [],
  read_as: [],
});
const view = (notes: NoteView[], records: RecordView[]): CaseView => ({ case: 'c', name: '', fields: [], notes, records, findings: [], newer: false, team: [], may_add: [], late: [], rulings: [], hand_overs: [], compartments: [], within: null });

it('is in the order in which things happened, the newest first', () => {
  const events = eventsOf(
    view(
      [note('written-late', 90, { happened_at: 10 }), note('today', 80)],
      [
        record('appointment', 'a', 5, { start: '200', state: 'booked' }),
        record('visit', 'v', 60, { start: '50', state: 'completed' }),
        record('task', 't', 30, { state: 'completed' }, 70),
        record('medication', 'm', 20, { name: 'x', state: 'active' }),
        record('case', 'case', 15, { state: 'active' }),
      ],
    ),
  );
  expect(events.map((event) => event.key)).toEqual(['appointment/a', 'note/today', 'task/t/state', 'visit/v', 'task/t', 'case/case/state', 'note/written-late']);
});

it('has addenda below their note, also addenda of addenda, and loses none', () => {
  const notes = [note('b2', 40, { addendum_to: 'b1' }), note('b1', 30, { addendum_to: 'a' }), note('c', 20, { addendum_to: 'not-here' }), note('a', 10)];
  expect(withAddenda(notes).map(({ note: { id }, addenda }) => [id, ...addenda.map((one) => one.id)])).toEqual([['c'], ['a', 'b1', 'b2']]);
});
