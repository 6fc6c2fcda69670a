// Typed text outlives a lock and no change of person.

import { expect, it } from 'vitest';
import { forget, keep, recall } from './typed';

it('is there again for who typed it, and for nobody else', () => {
  expect(recall('ana', 'form')).toBeUndefined();
  keep('form', { name: 'half a na' });
  expect(recall('ana', 'form')).toEqual({ name: 'half a na' });
  expect(recall('ben', 'form')).toBeUndefined();
  expect(recall('ana', 'form')).toBeUndefined();
});

it('is gone once it is saved, and is nobody’s to change meanwhile', () => {
  recall('ana', 'form');
  const values = { name: 'x' };
  keep('form', values);
  values.name = 'y';
  expect(recall('ana', 'form')).toEqual({ name: 'x' });
  forget('form');
  expect(recall('ana', 'form')).toBeUndefined();
});
