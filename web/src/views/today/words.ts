// Rows of the day in words, and where each leads.

import type { TodayRow } from '../../generated';
import { codeText, kindName, t } from '../../i18n';
import { said } from '../../i18n/said';
import type { IconName } from '../parts/Icon.svelte';
import { href, type CaseTab } from '../router.svelte';

export const GROUPS = ['begun', 'overdue', 'today', 'waiting', 'ahead'] as const;

const ICONS: Readonly<Record<string, IconName>> = {
  visit: 'route', appointment: 'calendar', past_appointment: 'calendar', noshow: 'person', contact: 'person', outreach: 'phone',
  note: 'pen', sign: 'sign', cosign: 'sign', task: 'work', flag: 'flag', case: 'cases', plan: 'file', assessment: 'file', finding: 'fork',
};
export function iconOf(row: TodayRow): IconName {
  return ICONS[row.what] ?? 'info';
}

/** What there is to do. */
export function wordsOf(row: TodayRow): string {
  switch (row.what) {
    case 'contact':
      return row.urgent ? t.today_contact_residence : t.today_contact;
    case 'outreach':
      return said(`today_outreach.${row.detail}`) ?? row.detail;
    case 'note':
      return row.urgent ? t.today_note_crisis : t.today_note;
    case 'finding':
      return t.case_review(Number(row.detail));
    case 'appointment':
      return row.detail ? codeText('appointment', 'type', row.detail) : kindName('appointment');
    case 'flag':
      return t.today_flag(codeText('flag', 'kind', row.title));
    default:
      return said(`today_what.${row.what}`) ?? kindName(row.what);
  }
}

/** What it is about, where it says so itself. */
export function titleOf(row: TodayRow): string {
  return row.what === 'flag' ? '' : row.title;
}

const TABS: Readonly<Record<string, CaseTab>> = {
  appointment: 'appointments', past_appointment: 'appointments', noshow: 'appointments', task: 'tasks', sign: 'timeline', cosign: 'timeline', flag: 'person', assessment: 'assessments',
};

/** Where one does it. */
export function placeOf(row: TodayRow): string {
  const id = row.case;
  switch (row.what) {
    case 'visit':
      return href({ screen: 'visit', id, visit: row.id });
    case 'contact':
    case 'outreach':
      return href({ screen: 'visit', id });
    case 'note':
      return href({ screen: 'note', id });
    case 'assessment':
      return href({ screen: 'assessment', id, assessment: row.id });
    default:
      return href({ screen: 'case', id, tab: TABS[row.what] ?? 'overview' });
  }
}
