// Figures of a report in words, and how far each is of what it should be.

import type { ReportBy, ReportRow } from '../../generated';
import { language, stateText, t } from '../../i18n';

const part = (some: number, all: number): string => (all === 0 ? '–' : `${some}/${all}`);

/** The columns that are shown, each with what it says of a row. */
export const COLUMNS: readonly { key: string; words: () => string; of: (row: ReportRow) => string }[] = [
  { key: 'cases', words: () => t.report_cases, of: (row) => String(row.cases) },
  { key: 'weight', words: () => t.report_weight, of: (row) => String(row.weight) },
  { key: 'due', words: () => t.report_due, of: (row) => part(row.contacts_met, row.contacts_due) },
  { key: 'made', words: () => t.report_made, of: (row) => String(row.contacts_made) },
  { key: 'attempts', words: () => t.report_attempts, of: (row) => String(row.attempts) },
  { key: 'no_shows', words: () => t.report_no_shows, of: (row) => String(row.no_shows) },
  { key: 'units', words: () => t.report_units, of: (row) => String(row.units) },
  { key: 'notes', words: () => t.report_notes, of: (row) => part(row.noted_in_time, row.contacts_made) },
  { key: 'lag', words: () => t.report_lag, of: (row) => (row.noted === 0 ? '–' : String(Math.round(row.note_hours / row.noted))) },
  { key: 'tasks', words: () => t.report_tasks, of: (row) => part(row.tasks_done, row.tasks_due) },
  { key: 'plans', words: () => t.report_plans, of: (row) => String(row.plans_overdue) },
  { key: 'referrals', words: () => t.report_referrals, of: (row) => part(row.referrals_served, row.referrals_ended) },
  { key: 'appeals', words: () => t.report_appeals, of: (row) => row.appeals.map(([code, n]) => `${stateText('appeal', code)} ${n}`).join(', ') || '–' },
];

export function nameOf(row: ReportRow, by: ReportBy): string {
  if (by !== 'month') return row.name || (by === 'worker' ? t.today_nobody : t.report_no_programme);
  const month = new Date(`${row.name}-15T12:00:00Z`);
  if (Number.isNaN(month.getTime())) return row.name;
  return new Intl.DateTimeFormat(language.current, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(month);
}
