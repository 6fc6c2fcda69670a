// A form's draft comes back as it was typed, and nothing else reads as one.

import { expect, it } from 'vitest';
import { changed, decoded, encoded } from './typed';

it('comes back as it was', () => {
  const values = { name: 'half a na', dose: '' };
  expect(decoded(encoded(values))).toEqual(values);
});

it('of nothing is nothing', () => expect(encoded({})).toBe(''));

it.each(['', '{', 'half a na', '[1]', 'null', '7', '{"name":1}'])('is not what no form has written: %s', (text) => expect(decoded(text)).toEqual({}));

it('of a record that exists is only what was changed: a colleague may be at the rest', () => {
  expect(changed({ name: 'a', dose: '2', note: '' }, { name: 'a', dose: '1' })).toEqual({ dose: '2' });
  expect(changed({ name: '' }, { name: 'a' })).toEqual({ name: '' });
});
