// Made-up hand-overs and decisions, and what becomes of them by a tap. Never part of the app.

import type { CaseView, HandOverState, HandOverStep, HandOverView, Request, RulingView } from '../../generated';
import { DAY_MS, HOUR_MS, idOf, NOW } from './fake-ids';
import { STAFF } from './fake-records';

type Answer = Extract<Request, { type: 'answer_hand_over' }>;

const BECOMES: Record<HandOverStep, HandOverState> = {
  let_in: 'offered',
  accept: 'accepted',
  decline: 'declined',
  cancel: 'cancelled',
  finish: 'completed',
};

function made(n: number, name: string, more: Partial<HandOverView>): HandOverView {
  return {
    id: idOf(0x2000 + n),
    case: idOf(n),
    case_name: name,
    from: 'Dana Ito',
    from_me: false,
    from_stays: false,
    to: 'Lee Okafor',
    to_me: false,
    reason: 'I am on leave from Monday, and Lee knows the family.',
    at: NOW - 20 * HOUR_MS,
    state: 'offered',
    declined_reason: '',
    by: 'Dana Ito',
    since: NOW - 20 * HOUR_MS,
    waits_for_entry: false,
    may: ['cancel'],
    ...more,
  };
}

export function handOversOf(n: number, name: string): HandOverView[] {
  switch (n) {
    case 6:
      return [made(n, name, { waits_for_entry: true, may: ['let_in', 'cancel'] })];
    case 7:
      return [
        made(n, name, { state: 'accepted', by: 'Lee Okafor', since: NOW - 2 * HOUR_MS, may: ['finish', 'cancel'] }),
        made(n + 100, name, { case: idOf(n), state: 'declined', to: 'Sam Rivera', to_me: true, by: 'Sam Rivera', declined_reason: 'I have no room for another family this month.', may: [] }),
      ];
    case 8:
      return [made(n, name, { to: 'Sam Rivera', to_me: true, may: ['accept', 'decline', 'cancel'] })];
    case 9:
      return [made(n, name, { from: 'Sam Rivera', from_me: true, state: 'accepted', by: 'Lee Okafor', may: [] })];
    default:
      return [];
  }
}

export function rulingsOf(n: number): RulingView[] {
  return n === 2 || n === 7
    ? [{ whose: 'Chris Lund', changes: 2, stands: false, reason: 'Both visits are already in the notes of Dana.', by: 'Sam Rivera', at: NOW - 6 * DAY_MS }]
    : [];
}

export function handOver(view: CaseView, to: string, reason: string): HandOverView[] {
  const name = STAFF.find((one) => one.staff === to)?.name ?? '';
  const by = { from: 'Sam Rivera', from_me: true, from_stays: true, by: 'Sam Rivera', at: NOW, since: NOW };
  return [{ ...made(0, view.name, { ...by, to: name, reason }), id: idOf(0x3000 + view.hand_overs.length), case: view.case }, ...view.hand_overs];
}

export function handedOn(all: readonly HandOverView[], { hand_over, step, reason }: Answer): HandOverView[] {
  const next = { state: BECOMES[step], may: [], waits_for_entry: false, by: 'Sam Rivera', since: NOW, declined_reason: step === 'decline' ? reason : '' };
  return all.map((one) => (one.id === hand_over ? { ...one, ...next } : one));
}
