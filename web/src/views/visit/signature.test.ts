// A signature as text: what is read back, that it is bounded, and what is no signature.

import { expect, it } from 'vitest';
import { decode, encode, path, withPoint, type Point } from './signature';

it('reads back what it wrote', () => {
  let strokes: Point[][] = [[]];
  for (const point of [[10, 10], [12, 11], [30, 40.4], [-5, 900]] as const) strokes = withPoint(strokes, point);
  expect(encode(strokes)).toBe('10,10 30,40 0,200');
  expect(decode(encode(strokes))).toEqual(strokes);
  expect(path([[[1, 2]], [[3, 4], [5, 6]], []])).toBe('M1 2h1M3 4L5 6');
});

it('always fits into a record', () => {
  let strokes: Point[][] = [[]];
  for (let n = 0; n < 5_000; n += 1) strokes = withPoint(strokes, [(n * 37) % 600, (n * 61) % 200]);
  expect(encode(strokes).length).toBeLessThanOrEqual(7_500);
});

it.each(['', 'M0 0', '<svg>', '9999,1', '1', ';;'])('takes %j for nothing that is drawn', (text) => {
  expect(path(decode(text))).toBe('');
});
