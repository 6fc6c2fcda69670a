// Where entries of a day or a week stand in the grid.

import { describe, expect, it } from 'vitest';
import type { CalendarEntry } from '../../generated';
import { addDays, daysOf, mondayOf, startOf } from './days';
import { columnsOf, hoursOf, HOUR_SLOTS, ofDay, placed, type Placed } from './layout';

const DAY = '2026-11-24';

function entry(id: string, from: string, to: string, more: Partial<CalendarEntry> = {}): CalendarEntry {
  const at = (time: string) => new Date(`${time.includes('T') ? time : `${DAY}T${time}`}:00`).getTime();
  return {
    case: 'c1',
    case_name: 'Ana',
    id,
    title: id,
    kind: 'visit',
    state: 'booked',
    place: '',
    staff: 'Sam',
    mine: true,
    start: at(from),
    end: at(to),
    travel_min: 0,
    clash: false,
    ...more,
  };
}

const meets = (a: Placed, b: Placed) => a.top < b.bottom && b.top < a.bottom;
const beside = (a: Placed, b: Placed) => columnsOf(a)[1] <= columnsOf(b)[0] || columnsOf(b)[1] <= columnsOf(a)[0];

describe('days', () => {
  it('go over months and years', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
  });
  it.each([
    ['2026-11-23', '2026-11-23'],
    ['2026-11-29', '2026-11-23'],
    ['2027-01-01', '2026-12-28'],
  ])('the week of %s begins on %s', (day, monday) => {
    expect(mondayOf(day)).toBe(monday);
    expect(daysOf(day, 'week')).toHaveLength(7);
    expect(daysOf(day, 'week')).toContain(day);
  });
  it('one day is a span, too', () => expect(daysOf(DAY, 'day')).toEqual([DAY]));
});

describe('entries of a day', () => {
  it('are those that touch it and take up time', () => {
    const all = [
      entry('before', '2026-11-23T10:00', '2026-11-23T11:00'),
      entry('over midnight', '2026-11-23T23:00', '00:30'),
      entry('morning', '09:00', '10:00'),
      entry('cancelled', '09:00', '10:00', { state: 'cancelled' }),
      entry('until midnight', '23:00', '2026-11-25T00:00'),
      entry('after', '2026-11-25T00:00', '2026-11-25T01:00'),
    ];
    expect(ofDay(all, DAY).map((one) => one.id)).toEqual(['over midnight', 'morning', 'until midnight']);
  });
  it('put mine first at one time', () => {
    const all = [entry('theirs', '09:00', '10:00', { mine: false }), entry('mine', '09:00', '11:00')];
    expect(ofDay(all, DAY).map((one) => one.id)).toEqual(['mine', 'theirs']);
  });
});

describe('the grid', () => {
  it('places by the clock, travel before it', () => {
    const [one] = placed([entry('a', '09:00', '10:30', { travel_min: 20 })], DAY);
    expect(one).toMatchObject({ top: 9 * HOUR_SLOTS - 4, travelSlots: 4, bottom: 10.5 * HOUR_SLOTS, lane: 0, lanes: 1 });
  });
  it('makes a short one high enough for a finger', () => {
    const [one] = placed([entry('a', '09:00', '09:05')], DAY);
    expect(one && one.bottom - one.top).toBe(7);
  });
  it('keeps within the day what goes beyond it', () => {
    const [night, late] = placed([entry('a', '2026-11-23T22:00', '01:00', { travel_min: 60 }), entry('b', '23:55', '2026-11-25T02:00')], DAY);
    expect(night).toMatchObject({ top: 0, travelSlots: 0, bottom: HOUR_SLOTS });
    expect(late).toMatchObject({ top: 24 * HOUR_SLOTS - 7, bottom: 24 * HOUR_SLOTS });
  });
  it.each([2, 3, 4, 5, 7, 12])('sets %d at one time beside each other', (n) => {
    const all = placed(Array.from({ length: n }, (_, i) => entry(`e${i}`, '09:00', '10:00')), DAY);
    for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) expect(meets(a, b) && beside(a, b)).toBe(true);
  });
  it('gives a lane to another one once it is free', () => {
    const all = placed([entry('a', '09:00', '12:00'), entry('b', '09:00', '10:00'), entry('c', '10:00', '11:00'), entry('d', '12:00', '13:00')], DAY);
    expect(all.map((one) => [one.entry.id, one.lane, one.lanes])).toEqual([
      ['a', 0, 2],
      ['b', 1, 2],
      ['c', 1, 2],
      ['d', 0, 1],
    ]);
  });
  it('shows the working day, and more when there is something', () => {
    expect(hoursOf([[]])).toEqual({ first: 7, last: 20 });
    expect(hoursOf([placed([entry('a', '06:10', '06:30', { travel_min: 20 }), entry('b', '21:00', '21:30')], DAY)])).toEqual({ first: 5, last: 22 });
  });
});

it('a day begins at midnight', () => expect(new Date(startOf(DAY)).getHours()).toBe(0));
