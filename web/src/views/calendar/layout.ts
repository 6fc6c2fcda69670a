// Where appointments stand in the grid of a day. Owns the rules that nothing covers anything else,
// and that everything is high enough for a finger, however short it is.

import type { CalendarEntry } from '../../generated';
import { addDays, startOf } from './days';

/** Minutes of a slot, the grain of the grid. */
export const SLOT_MIN = 5;
export const HOUR_SLOTS = 60 / SLOT_MIN;
/** Columns of a day: two, three, four or six appointments beside each other share them evenly. */
export const COLUMNS = 12;
/** Seven slots are 44 px. */
const BODY_SLOTS_MIN = 7;
/** Room for its words. */
const TRAVEL_SLOTS_MIN = 3;
const DAY_SLOTS = 24 * HOUR_SLOTS;
/** Hours that are in sight even when they are empty. */
const OPEN_HOUR = 7;
const CLOSE_HOUR = 20;

/** States that take up nobody's time. */
const OFF = ['cancelled', 'entered-in-error'];

/** Slots count from midnight. */
export interface Placed {
  entry: CalendarEntry;
  /** Where its travel begins, or itself. */
  top: number;
  travelSlots: number;
  bottom: number;
  lane: number;
  /** Of how many beside each other. */
  lanes: number;
}

/** The entries that touch a day, by time. */
export function ofDay(entries: readonly CalendarEntry[], iso: string): CalendarEntry[] {
  const [from, to] = [startOf(iso), startOf(addDays(iso, 1))];
  return entries
    .filter((entry) => entry.start < to && Math.max(entry.end, entry.start + 1) > from && !OFF.includes(entry.state))
    .toSorted((a, b) => a.start - b.start || Number(b.mine) - Number(a.mine) || b.end - a.end);
}

/** By the clock on the wall, so that a day of 23 or 25 hours looks like any other. */
function slotIn(iso: string, at: number, rounded: (n: number) => number): number {
  if (at <= startOf(iso)) return 0;
  if (at >= startOf(addDays(iso, 1))) return DAY_SLOTS;
  const date = new Date(at);
  return rounded((date.getHours() * 60 + date.getMinutes()) / SLOT_MIN);
}

export function placed(entries: readonly CalendarEntry[], iso: string): Placed[] {
  const all = ofDay(entries, iso)
    .map((entry): Placed => {
      const body = Math.min(slotIn(iso, entry.start, Math.floor), DAY_SLOTS - BODY_SLOTS_MIN);
      const wanted = entry.travel_min > 0 ? Math.max(TRAVEL_SLOTS_MIN, Math.ceil(entry.travel_min / SLOT_MIN)) : 0;
      const travelSlots = entry.start < startOf(iso) ? 0 : Math.min(wanted, body);
      const bottom = Math.max(slotIn(iso, entry.end, Math.ceil), body + BODY_SLOTS_MIN);
      return { entry, top: body - travelSlots, travelSlots, bottom, lane: 0, lanes: 1 };
    })
    .toSorted((a, b) => a.top - b.top);
  for (const group of groups(all)) {
    const ends: number[] = [];
    for (const one of group) {
      const free = ends.findIndex((end) => end <= one.top);
      one.lane = free < 0 ? ends.length : free;
      ends[one.lane] = one.bottom;
    }
    for (const one of group) one.lanes = ends.length;
  }
  return all;
}

/** Those that touch each other, directly or through others. */
function groups(all: readonly Placed[]): Placed[][] {
  const found: Placed[][] = [];
  let end = -1;
  for (const one of all) {
    const last = found.at(-1);
    if (last === undefined || one.top >= end) found.push([one]);
    else last.push(one);
    end = Math.max(end, one.bottom);
  }
  return found;
}

/** First and last columns of an appointment, as lines of the grid; more than twelve share one. */
export function columnsOf({ lane, lanes }: Placed): [number, number] {
  const even = [1, 2, 3, 4, 6].find((n) => n >= lanes) ?? COLUMNS;
  const width = COLUMNS / even;
  const from = (lane % even) * width;
  return [from + 1, from + width + 1];
}

/** First and last hours to show, so that everything is on it. */
export function hoursOf(days: readonly Placed[][]): { first: number; last: number } {
  const all = days.flat();
  return {
    first: Math.min(OPEN_HOUR, ...all.map((one) => Math.floor(one.top / HOUR_SLOTS))),
    last: Math.max(CLOSE_HOUR, ...all.map((one) => Math.ceil(one.bottom / HOUR_SLOTS))),
  };
}
