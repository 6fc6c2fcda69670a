// Every kind, field, code and state of the core's schema has words, and so have the notes' formats:
// a new one that nobody has worded fails here.

import { expect, it } from 'vitest';
import { FORMATS, KINDS } from '../generated/schema';
import { messages } from './messages';

const MISTAKE = 'entered-in-error';
const worded = (...keys: string[]): boolean => keys.some((key) => Object.hasOwn(messages, key));

const wanted = KINDS.flatMap((kind): [string, string[]][] => [
  [`kind.${kind.code}`, []],
  [`kinds.${kind.code}`, []],
  ...kind.fields.flatMap((field): [string, string[]][] => [
    [`record.${kind.code}.${field.key}`, [`record.${field.key}`]],
    ...(field.holds.type === 'choice'
      ? field.holds.codes.map((code): [string, string[]] => [`code.${kind.code}.${field.key}.${code}`, [`code.${code}`]])
      : []),
  ]),
  ...kind.states.map((state): [string, string[]] => [`state.${kind.code}.${state.code}`, [`state.${state.code}`]]),
  ...[...new Set(kind.states.flatMap((state): readonly string[] => state.next))]
    .filter((state) => state !== MISTAKE)
    .map((state): [string, string[]] => [`deed.${kind.code}.${state}`, [`deed.${state}`]]),
]);

it.each(wanted)('%s', (key, others) => expect(worded(key, ...others)).toBe(true));

it.each(FORMATS.flatMap((format) => [`format.${format.code}`, ...format.sections.map((one) => `section.${one.key}`)]))(
  '%s',
  (key) => expect(worded(key)).toBe(true),
);
