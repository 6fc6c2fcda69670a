// The resource directory in words: codes of needs, remarks, refusals and texts, and the hours of a week.

import type { ServiceHours } from '../generated';
import { language } from './language.svelte';
import { t } from './texts';
import { said } from './wording';

/** In the order in which they are offered, as the core has them. */
export const NEED_CODES = [
  'food', 'housing', 'transport', 'utilities', 'clothing', 'violence', 'incarceration', 'substance_use', 'health',
  'mental_health', 'employment', 'education', 'money', 'legal', 'documents', 'family', 'care', 'social',
] as const;
export const REMARK_KINDS = ['verified', 'outdated', 'works', 'trouble'] as const;

export const needName = (code: string): string => said(`need.${code}`) ?? code;
export const remarkName = (kind: string): string => said(`remark.${kind}`) ?? kind;
export const remarkChoice = (kind: string): string => said(`remark_choose.${kind}`) ?? kind;
export const refusedText = (why: string): string => said(`refused.${why}`) ?? why;
export const serviceLabel = (key: string): string => said(`service.${key}`) ?? key;

/** A Monday. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

function dayName(day: number): string {
  return new Intl.DateTimeFormat(language.current, { weekday: 'short', timeZone: 'UTC' }).format(MONDAY + day * DAY_MS);
}

function minuteText(minute: number): string {
  return new Intl.DateTimeFormat(language.current, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(MONDAY + minute * 60_000);
}

/** 'Mon, Tue, Wed: 9:00 AM to 5:00 PM' */
export function hoursText(hours: ServiceHours): string {
  const days = [0, 1, 2, 3, 4, 5, 6].filter((day) => (hours.days & (1 << day)) !== 0).map(dayName);
  const ends = hours.until === 0 ? '' : ` (${t.service_until(dateText(hours.until))})`;
  return `${days.join(', ')}: ${t.service_from_to(minuteText(hours.from), minuteText(hours.to))}${ends}`;
}

/** 20261123 as a day. */
function dateText(date: number): string {
  const day = Date.UTC(Math.floor(date / 10_000), Math.floor((date % 10_000) / 100) - 1, date % 100);
  return new Intl.DateTimeFormat(language.current, { dateStyle: 'medium', timeZone: 'UTC' }).format(day);
}
