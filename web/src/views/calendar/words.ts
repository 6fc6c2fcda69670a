// A calendar's days and times in words.

import { language, stateText, timeOfDay } from '../../i18n';
import type { CalendarEntry } from '../../generated';
import { startOf } from './days';

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language.current, options).format(at);
}

/** 'Tuesday, 24 November' */
export function dayName(iso: string): string {
  return format(startOf(iso), { weekday: 'long', day: 'numeric', month: 'long' });
}

/** 'Tue 24' */
export function dayShort(iso: string): string {
  return `${format(startOf(iso), { weekday: 'short' })} ${format(startOf(iso), { day: 'numeric' })}`;
}

/** '23 – 29 November 2026', or the whole of one day. */
export function spanName(days: readonly string[]): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return '';
  if (first === last) return format(startOf(first), { dateStyle: 'full' });
  const words = new Intl.DateTimeFormat(language.current, { day: 'numeric', month: 'long', year: 'numeric' });
  return words.formatRange(startOf(first), startOf(last));
}

export function hourName(hour: number): string {
  return format(new Date(2026, 0, 1, hour).getTime(), { hour: 'numeric' });
}

/** '9:00 – 10:30' */
export function timesOf({ start, end }: CalendarEntry): string {
  return `${timeOfDay(start)} – ${timeOfDay(end)}`;
}

/** Its state, where it is not simply booked. */
export function stateOf({ state }: CalendarEntry): string {
  return state === 'booked' || state === '' ? '' : stateText('appointment', state);
}
