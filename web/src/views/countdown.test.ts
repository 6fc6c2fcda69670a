/** The steps in which a countdown is read out, and its words. */

import { expect, test } from 'vitest';
import { lasting } from '../i18n/plural';
import { spoken } from './countdown.svelte';

test('a long time is said in minutes, a short one in few steps', () => {
  const table = { 0: 0, 1: 5, 5: 5, 6: 15, 16: 30, 30: 30, 31: 60, 60: 60, 61: 120, 300: 300, 1_799: 1_800 };
  for (const [seconds, said] of Object.entries(table)) expect(spoken(Number(seconds)), seconds).toBe(said);
});

test.each([
  [0, '0 seconds', '0 segundos'],
  [5, '5 seconds', '5 segundos'],
  [60, '1 minute', '1 minuto'],
  [61, '1 minute and 1 second', '1 minuto y 1 segundo'],
  [300, '5 minutes', '5 minutos'],
  [272, '4 minutes and 32 seconds', '4 minutos y 32 segundos'],
])('%d seconds have their units, and no empty ones', (seconds, en, es) => {
  expect([lasting('en', seconds), lasting('es', seconds)]).toEqual([en, es]);
});
