// Which scores are drawn, in which order, and where.

import { expect, it } from 'vitest';
import type { AssessmentRow } from '../../generated';
import { placed, seriesOf } from './series';

function row(id: string, date: string, state: string, value: string): AssessmentRow {
  const score = { link: '', title: '', value, most: '10', answered: 1, of: 1, band: null, not_computed: null };
  return { id, form: 'f', series: 'urn:x', title: 'Mood', date, state, score, outdone: false, client: '', author: 'Ana', at: 0 };
}

it('draws what was completed, oldest first, by day and score', () => {
  const [series, ...others] = seriesOf([
    row('d', '2026-01-31', 'completed', '10'),
    row('c', '2026-01-21', 'in-progress', '9'),
    row('b', '2026-01-11', 'amended', '0'),
    row('a', '2026-01-01', 'completed', '5'),
    row('z', '2026-01-01', 'completed', ''),
  ]);
  expect(others).toEqual([]);
  expect(series?.points.map((point) => point.row.id)).toEqual(['a', 'b', 'd']);
  expect(series && placed(series, 300, 100)).toEqual([
    { x: 0, y: 50 },
    { x: 100, y: 100 },
    { x: 300, y: 0 },
  ]);
});

it('puts a single score in the middle', () => {
  const [series] = seriesOf([row('a', '2026-01-01', 'completed', '5')]);
  expect(series && placed(series, 300, 100)).toEqual([{ x: 150, y: 50 }]);
});
