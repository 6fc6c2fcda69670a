// What is typed as local time comes back as it was.

import { describe, expect, it, vi } from 'vitest';

vi.mock('../../i18n', () => ({ language: { current: 'en' } }));
const { dayText, fromBox, soon, toBox } = await import('./time');

describe('a moment in a box', () => {
  it.each([0, 951_782_400_000, 1_795_518_300_000, 253_402_300_740_000])('%d comes back', (ms) => {
    expect(fromBox(toBox(ms))).toBe(ms);
  });
  it('is nothing where nothing was typed', () => {
    expect(fromBox('')).toBeUndefined();
    expect(fromBox('tomorrow')).toBeUndefined();
  });
  it('is proposed at the next quarter', () => {
    expect(soon(1_795_518_000_000)).toBe(1_795_518_000_000);
    expect(soon(1_795_518_000_001)).toBe(1_795_518_900_000);
  });
});

describe('a day', () => {
  it('is said in words, and what is no day is left alone', () => {
    expect(dayText('1984-03-17')).toBe('March 17, 1984');
    expect(dayText('about 1950')).toBe('about 1950');
  });
});
