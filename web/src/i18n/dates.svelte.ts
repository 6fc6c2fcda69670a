// Times as people say them. Owns the one ticking 'now' of the screens, so that '5 minutes ago' ages.
// Times of records are by their author's clock, which may be wrong: a time ahead of ours is shown
// in full, never as 'just now'.

import { t } from './texts';
import { language } from './language.svelte';
import { lasting } from './plural';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** How far ahead of ours another clock may be before it shows. */
const AHEAD_MS_MAX = 2 * MINUTE_MS;

const state = $state({ now: Date.now() });
setInterval(() => {
  state.now = Date.now();
}, MINUTE_MS / 2);

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language.current, options).format(at);
}

/** '14:05' */
export function timeOfDay(at: number): string {
  return format(at, { timeStyle: 'short' });
}

function daysSince(at: number): number {
  const midnight = (ms: number) => new Date(ms).setHours(0, 0, 0, 0);
  return Math.round((midnight(Math.max(state.now, at)) - midnight(at)) / DAY_MS);
}

/** '14:05', or with the day when that is not today. */
export function clock(at: number): string {
  const today = new Date(state.now).toDateString() === new Date(at).toDateString();
  return today ? format(at, { timeStyle: 'short' }) : day(at);
}

/** 'today, 14:05', 'yesterday, 09:12' or '3 Nov 2025, 14:05' */
export function moment(at: number): string {
  const time = format(at, { timeStyle: 'short' });
  if (at > state.now + AHEAD_MS_MAX) return day(at);
  const days = daysSince(at);
  if (days === 0) return t.today_at(time);
  if (days === 1) return t.yesterday_at(time);
  return day(at);
}

/** 'today, 14:05', 'tomorrow, 09:12', 'Thursday, 09:12' or the whole of it, for what is still to come. */
export function coming(at: number): string {
  const days = daysUntil(isoDay(at));
  const time = format(at, { timeStyle: 'short' });
  if (days === 0) return t.today_at(time);
  if (days === 1) return t.tomorrow_at(time);
  if (days > 1 && days < 7) return t.weekday_at(format(at, { weekday: 'long' }), time);
  return day(at);
}

/** The calendar day of a moment where the person is, '2026-11-23'. */
export function isoDay(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The present one. */
export function today(): string {
  return isoDay(state.now);
}

/** How many days from today to a calendar day; negative when it is past. */
export function daysUntil(iso: string): number {
  return Math.round((Date.parse(`${iso}T00:00:00Z`) - Date.parse(`${today()}T00:00:00Z`)) / DAY_MS);
}

/** '3 Nov 2025, 14:05', also for what is still to come. */
export function day(at: number): string {
  return format(at, { dateStyle: 'medium', timeStyle: 'short' });
}

/** 'just now', '5 minutes ago', '3 days ago', '2 months ago' */
export function age(at: number): string {
  const ms = state.now - at;
  if (ms < -AHEAD_MS_MAX) return day(at);
  const relative = new Intl.RelativeTimeFormat(language.current, { numeric: 'auto' });
  if (ms < MINUTE_MS) return t.just_now;
  if (ms < HOUR_MS) return relative.format(-Math.floor(ms / MINUTE_MS), 'minute');
  const days = daysSince(at);
  if (days === 0) return relative.format(-Math.floor(ms / HOUR_MS), 'hour');
  if (days < 31) return relative.format(-days, 'day');
  if (days < 365) return relative.format(-Math.round(days / 30.4), 'month');
  return relative.format(-Math.round(days / 365.25), 'year');
}

/** '45 seconds', '4 minutes', '4 minutes and 5 seconds' */
export function duration(seconds: number): string {
  return lasting(language.current, seconds);
}

/** The whole of it. */
export function absolute(at: number): string {
  return format(at, { dateStyle: 'full', timeStyle: 'short' });
}
