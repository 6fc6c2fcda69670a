// Every rule and every choice that the core's table knows has words, and so has every severity.

import { describe, expect, it } from 'vitest';
import table from '../../../core/src/finding/rules.rs?raw';
import { messages } from './messages';

const RULE = /= rule\(\s*\d+,\s*"(\w+)",\s*Severity::\w+,\s*&\[([^\]]*)\]/g;
const rules = [...table.matchAll(RULE)].map(([, code = '', choices = '']) => ({
  code,
  choices: choices.replaceAll(/["\s]/g, '').split(',').filter((choice) => choice !== '').map((choice) => choice.toLowerCase()),
}));
const worded = (key: string): boolean => Object.hasOwn(messages, key);

it('the whole table is read', () => {
  expect(rules.length).toBeGreaterThan(10);
  expect(rules).toHaveLength(table.match(/: Rule = rule\(/g)?.length ?? 0);
});

describe.each(rules)('$code', ({ code, choices }) => {
  it('has a title and a sentence', () => {
    expect(worded(`rule.${code}`)).toBe(true);
    expect(worded(`rule.${code}.text`)).toBe(true);
  });
  it('offers something', () => expect(choices).not.toEqual([]));
  it.each(choices)('has words for the choice %s', (choice) => expect(worded(`choice.${choice}`)).toBe(true));
});

it.each(['critical', 'high', 'medium', 'low'])('has words for the severity %s', (severity) => {
  expect(worded(`severity.${severity}`)).toBe(true);
});
