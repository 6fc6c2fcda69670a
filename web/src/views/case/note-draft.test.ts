// A draft comes back as it was typed, and changing the format loses no word of it.

import { describe, expect, it, vi } from 'vitest';

vi.mock('../../i18n', () => ({ language: { current: 'en' } }));
const { asNew, blank, decoded, encoded, inFormat, joined, preview } = await import('./note-draft');

const soap = { ...blank(), format: 'soap', sections: { subjective: '“Tired.”', plan: 'Rest.' }, cosign: true, happened: '2026-11-20T10:30' };

describe('a draft', () => {
  it('comes back as it was', () => expect(decoded(encoded(soap))).toEqual(soap));
  it('of nothing is nothing', () => {
    expect(encoded({ ...blank(), cosign: true, sections: { text: ' \n' } })).toBe('');
    expect(decoded('')).toEqual(blank());
  });
  it.each(['Called twice', '{', '[1]', 'null', '{"format":"unheard","sections":{}}', '{"format":"soap"}'])('that was kept as plain text is a narrative: %s', (text) => {
    expect(decoded(text)).toEqual({ ...blank(), sections: { text } });
    expect(preview(text)).toBe(text);
  });
  it('is shown as its words alone', () => expect(preview(encoded(soap))).toBe('“Tired.” · Rest.'));
});

describe('a note that two have changed', () => {
  const first = { data: 'd', assessment: 'a', plan: 'p' };
  it('has the changes of both, and both texts where they changed the same', () => {
    const theirs = { data: 'd of theirs', assessment: 'a', plan: 'p of theirs' };
    const mine = { data: 'd', assessment: 'a of mine', plan: 'p of mine' };
    expect(joined(first, theirs, mine)).toEqual({ data: 'd of theirs', assessment: 'a of mine', plan: 'p of theirs\n\np of mine' });
  });
  it('says once what both changed alike', () => {
    const same = { ...first, plan: 'q' };
    expect(joined(first, same, same)).toEqual(same);
  });
});

describe('another format', () => {
  it('keeps what fits and moves the rest to its first section', () => {
    expect(inFormat(soap, 'dap').sections).toEqual({ plan: 'Rest.', data: '“Tired.”' });
    expect(inFormat({ ...blank(), sections: { text: 'All of it' } }, 'soap').sections).toEqual({ subjective: 'All of it' });
    expect(inFormat(soap, 'narrative').sections).toEqual({ text: '“Tired.”\n\nRest.' });
  });
  it('that is not known changes nothing', () => expect(inFormat(soap, 'unheard')).toBe(soap));
});

it('is sent with the sections of its format, trimmed, and the time in milliseconds', () => {
  const sent = asNew({ ...soap, sections: { ...soap.sections, subjective: ' x ', objective: '' } }, true);
  expect(sent.sections).toEqual([
    ['subjective', 'x'],
    ['plan', 'Rest.'],
  ]);
  expect(sent.happened_at).toBe(new Date(2026, 10, 20, 10, 30).getTime());
  expect(sent).toMatchObject({ format: 'soap', sign: true, cosign: true, addendum_to: null });
});
