/** When an unattended tablet locks itself. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AutoLock, IDLE_MS_MAX } from './auto-lock';

const lock = vi.fn();
let autoLock: AutoLock;

beforeEach(() => {
  vi.useFakeTimers();
  lock.mockClear();
  autoLock = new AutoLock(lock);
  autoLock.start();
});
afterEach(() => {
  vi.useRealTimers();
});

test('locks once after the time without anybody', () => {
  vi.advanceTimersByTime(IDLE_MS_MAX - 10_000);
  expect(lock).not.toHaveBeenCalled();
  vi.advanceTimersByTime(IDLE_MS_MAX);
  expect(lock).toHaveBeenCalledTimes(1);
});

test('whoever is there puts it off', () => {
  for (let i = 0; i < 10; i += 1) {
    vi.advanceTimersByTime(IDLE_MS_MAX - 10_000);
    autoLock.seen();
  }
  expect(lock).not.toHaveBeenCalled();
});

test('a tablet that slept through the time locks when it wakes, before a touch can save it', () => {
  vi.setSystemTime(Date.now() + IDLE_MS_MAX);
  autoLock.seen();
  expect(lock).toHaveBeenCalledTimes(1);
});

test('a clock that was set back locks', () => {
  vi.setSystemTime(Date.now() - 1_000);
  autoLock.look();
  expect(lock).toHaveBeenCalledTimes(1);
});
