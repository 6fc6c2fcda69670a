/** Who is visited, when, and who makes room. */

import { expect, test, vi } from 'vitest';
import type { Status } from '../generated';
import { Courier, type Outcome, outcomeOf } from './courier';

vi.mock('../worker/entry?worker&url', () => ({ default: '' }));

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A courier whose visits end as told; `log` has what it did. */
function world(slots: string[]) {
  const log: string[] = [];
  const ends: ((how: Outcome) => void)[] = [];
  const clock = { now: 0 };
  const open = (slot: string) => {
    log.push(`open ${slot}`);
    let end: (how: Outcome) => void = () => {};
    const outcome = new Promise<Outcome>((resolve) => (end = resolve));
    ends.push(end);
    return {
      outcome,
      stop: () => {
        log.push(`stop ${slot}`);
        end('in_vain');
      },
    };
  };
  const courier = new Courier(() => Promise.resolve(slots), open, () => clock.now);
  const end = async (how: Outcome): Promise<void> => {
    ends.shift()?.(how);
    await settled();
  };
  const go = async (): Promise<void> => {
    void courier.go();
    await settled();
  };
  return { courier, log, clock, end, go };
}

test('everybody is visited once, one after the other', async () => {
  const { log, end, go } = world(['ada', 'ben']);
  await go();
  await go();
  expect(log).toEqual(['open ada']);
  await end('delivered');
  expect(log).toEqual(['open ada', 'open ben']);
  await end('delivered');
  await go();
  expect(log).toEqual(['open ada', 'open ben']);
});

test('a visit in vain is tried again, but not at once', async () => {
  const { log, clock, end, go } = world(['ada', 'ben']);
  await go();
  await end('in_vain');
  await end('delivered');
  await go();
  expect(log).toEqual(['open ada', 'open ben']);
  clock.now = 60_000;
  await go();
  expect(log).toEqual(['open ada', 'open ben', 'open ada']);
});

test('whoever is visited makes room for a person, and is visited again afterwards', async () => {
  const { courier, log, end, go } = world(['ada', 'ben']);
  await go();
  await end('delivered');
  courier.makeRoom('ada');
  await settled();
  expect(log).toEqual(['open ada', 'open ben', 'stop ben']);
  await go();
  expect(log.slice(3)).toEqual(['open ada']);
});

test('a visit lasts until the relay has everything', () => {
  const status = (change: Partial<Status>) => {
    const level: Status = { connection: { type: 'level' }, unsent: 0, held: 0, complete_at: null, conflicts: 0, folding: 0, withheld: 0 };
    return outcomeOf({ type: 'status', status: { ...level, ...change } });
  };
  expect(status({})).toBe('delivered');
  expect(status({ held: 1 })).toBe('delivered');
  expect(status({ unsent: 1 })).toBeNull();
  expect(status({ connection: { type: 'syncing' } })).toBeNull();
  expect(status({ connection: { type: 'offline' } })).toBeNull();
  expect(status({ connection: { type: 'refused', refusal: 'unauthorised' } })).toBe('in_vain');
  expect(outcomeOf({ type: 'ready', stage: 'locked' })).toBeNull();
  expect(outcomeOf({ type: 'ready', stage: 'empty' })).toBe('delivered');
});
