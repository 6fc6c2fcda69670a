// Calendar days where the person is, as '2026-11-23'. Owns the rule that a week begins on Monday.

function dateOf(iso: string): Date {
  const [year = 1970, month = 1, day = 1] = iso.split('-').map(Number);
  return new Date(year, month - 1, day);
}

/** The first moment of a day. */
export function startOf(iso: string): number {
  return dateOf(iso).getTime();
}

export function addDays(iso: string, n: number): string {
  const date = dateOf(iso);
  date.setDate(date.getDate() + n);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function mondayOf(iso: string): string {
  return addDays(iso, -((dateOf(iso).getDay() + 6) % 7));
}

/** Seven from Monday on, or the one. */
export function daysOf(iso: string, span: 'day' | 'week'): string[] {
  return span === 'day' ? [iso] : Array.from({ length: 7 }, (_, n) => addDays(mondayOf(iso), n));
}
