// Scores of one form through time, for the drawing and the table beside it. Owns which scores count:
// those of assessments that were completed.

import type { AssessmentRow } from '../../generated';

/** The state of what ought never to have been made. */
export const MISTAKE = 'entered-in-error';

export interface Point {
  row: AssessmentRow;
  value: number;
}

export interface Series {
  name: string;
  title: string;
  /** Oldest first. */
  points: Point[];
  /** The top of the drawing. */
  most: number;
}

export function seriesOf(rows: readonly AssessmentRow[]): Series[] {
  const found = new Map<string, Series>();
  for (const row of rows.toReversed()) {
    const value = Number(row.score?.value || Number.NaN);
    if ((row.state !== 'completed' && row.state !== 'amended') || Number.isNaN(value)) continue;
    const series = found.get(row.series) ?? { name: row.series, title: row.title, points: [], most: 0 };
    series.title = row.title;
    series.points.push({ row, value });
    series.most = Math.max(series.most, value, Number(row.score?.most || 0));
    found.set(row.series, series);
  }
  return [...found.values()];
}

/** Where a series' points stand in a box of this size: by day, and by score from the bottom. */
export function placed(series: { points: readonly { row: { date: string }; value: number }[]; most: number }, width: number, height: number): { x: number; y: number }[] {
  const days = series.points.map(({ row }) => Date.parse(`${row.date}T00:00:00Z`));
  const first = Math.min(...days);
  const span = Math.max(...days) - first;
  const low = Math.min(0, ...series.points.map(({ value }) => value));
  const range = series.most - low || 1;
  return series.points.map(({ value }, n) => ({
    x: span > 0 && !Number.isNaN(span) ? (((days[n] ?? first) - first) / span) * width : width / 2,
    y: height - ((value - low) / range) * height,
  }));
}
