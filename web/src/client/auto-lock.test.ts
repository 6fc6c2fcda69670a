/** When an unattended tablet warns, and when it locks itself. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AutoLock, WARN_MS, idleMs } from './auto-lock';

const IDLE_MS = idleMs();
const lock = vi.fn();
const warn = vi.fn();
let autoLock: AutoLock;

beforeEach(() => {
  vi.useFakeTimers();
  lock.mockClear();
  warn.mockClear();
  autoLock = new AutoLock({ lock, warn });
  autoLock.start();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the policy is kept within its bounds', () => {
  const minutes = [undefined, 5, 30, 31, 1_000, 2, 0, -5, Number.NaN].map((one) => idleMs(one) / 60_000);
  expect(minutes).toEqual([5, 5, 30, 30, 30, 2, 2, 2, 5]);
});

test('locks once after the time without anybody', () => {
  vi.advanceTimersByTime(IDLE_MS - 10_000);
  expect(lock).not.toHaveBeenCalled();
  vi.advanceTimersByTime(IDLE_MS);
  expect(lock).toHaveBeenCalledTimes(1);
});

test('warns once before, and takes it back when somebody is there', () => {
  vi.advanceTimersByTime(IDLE_MS - WARN_MS - 10_000);
  expect(warn).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20_000);
  expect(warn.mock.calls).toEqual([[WARN_MS]]);
  autoLock.seen();
  expect(warn.mock.calls).toEqual([[WARN_MS], [null]]);
  vi.advanceTimersByTime(IDLE_MS - 10_000);
  expect(warn).toHaveBeenCalledTimes(3);
  expect(lock).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10_000);
  expect(lock).toHaveBeenCalledTimes(1);
  expect(warn).toHaveBeenLastCalledWith(null);
});

test('another policy holds at once', () => {
  autoLock.limit(idleMs(2));
  vi.advanceTimersByTime(2 * 60_000);
  expect(lock).toHaveBeenCalledTimes(1);
  autoLock.start(idleMs(2));
  autoLock.limit(idleMs(30));
  vi.advanceTimersByTime(29 * 60_000);
  expect(lock).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(lock).toHaveBeenCalledTimes(2);
});

test('whoever is there puts it off', () => {
  for (let i = 0; i < 10; i += 1) {
    vi.advanceTimersByTime(IDLE_MS - 10_000);
    autoLock.seen();
  }
  expect(lock).not.toHaveBeenCalled();
});

test('a tablet that slept through the time locks when it wakes, before a touch can save it', () => {
  vi.setSystemTime(Date.now() + IDLE_MS);
  autoLock.seen();
  expect(lock).toHaveBeenCalledTimes(1);
});

test('a clock that was set back locks', () => {
  vi.setSystemTime(Date.now() - 1_000);
  autoLock.look();
  expect(lock).toHaveBeenCalledTimes(1);
});
