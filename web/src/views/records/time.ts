// Moments and days between the records, where they are milliseconds and ISO days, and the boxes in
// which they are typed, where they are local time.

import { language } from '../../i18n';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const two = (n: number): string => String(n).padStart(2, '0');

/** For a box of type `datetime-local`. */
export function toBox(ms: number): string {
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) return '';
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** What such a box holds, in milliseconds; nothing when it is empty or broken. */
export function fromBox(typed: string): number | undefined {
  const ms = typed === '' ? Number.NaN : new Date(typed).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}

/** '17 March 1984'; what is no day stays as it is. */
export function dayText(value: string): string {
  if (!DAY.test(value)) return value;
  const day = new Date(`${value}T12:00:00Z`);
  if (Number.isNaN(day.getTime())) return value;
  return new Intl.DateTimeFormat(language.current, { dateStyle: 'long', timeZone: 'UTC' }).format(day);
}

/** '3 Feb 2026', likewise. */
export function shortDay(value: string): string {
  const day = new Date(`${value}T12:00:00Z`);
  if (!DAY.test(value) || Number.isNaN(day.getTime())) return value;
  return new Intl.DateTimeFormat(language.current, { dateStyle: 'medium', timeZone: 'UTC' }).format(day);
}

/** 'Tue, 24 Nov 2026, 14:05': the day of the week matters for what is to come. */
export function momentText(ms: number): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(language.current, options).format(ms);
}

/** The next full quarter of an hour. */
export function soon(now: number): number {
  const QUARTER_MS = 15 * 60_000;
  return Math.ceil(now / QUARTER_MS) * QUARTER_MS;
}
