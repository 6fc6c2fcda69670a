// When something is due, in words.

import { daysUntil, t } from '../../i18n';

export function dueText(iso: string): string {
  const days = daysUntil(iso);
  if (days < 0) return t.due_overdue(-days);
  if (days === 0) return t.due_today;
  return days === 1 ? t.due_tomorrow : t.due_in(days);
}
