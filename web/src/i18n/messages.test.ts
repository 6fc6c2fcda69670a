// The catalogue as a whole: whatever is said, is said in every language, and not in the same words.

import { describe, expect, it } from 'vitest';
import { messages } from './messages';
import { plural } from './plural';

type Say = (...values: unknown[]) => string;

/** A phrase with its parameters filled in: some take names in a list, all others take anything. */
function said(text: string | Say, key: string): string {
  if (typeof text === 'string') return text;
  if (key === 'work_restored_handed') return text(3, ['Ana', 'Ben']);
  return key === 'stage_seen_by' ? text(['Ana', 'Ben']) : text(3, 2);
}

describe('every text', () => {
  it.each(Object.entries(messages))('%s', (key, entry) => {
    const en = said(entry.en as string | Say, key);
    const es = said(entry.es as string | Say, key);
    expect(en.trim()).not.toBe('');
    expect(es.trim()).not.toBe('');
    // A sentence that is the same in both was forgotten; single words may well be.
    if (/[a-z].* .*[a-z]/.test(en)) expect(es).not.toBe(en);
    // Every parameter that one language shows the other shows, too.
    for (const shown of ['3', '2', 'Ana', 'Ben']) {
      if (typeof entry.en !== 'string') expect(es.includes(shown)).toBe(en.includes(shown));
    }
  });
});

describe('counting', () => {
  it.each([
    ['en', 1, 'one'],
    ['en', 0, 'other'],
    ['es', 1, 'one'],
    ['es', 1_000_000, 'other'],
  ] as const)('%s %d takes the form %s', (language, n, form) => {
    expect(plural(language, n, { one: 'one', other: 'other' })).toBe(form);
  });
});
