// The rules of the policy document in words. What only a newer app knows is called by its key.

import type { Term } from '../generated/Term';
import { said } from './said';
import { t } from './texts';

export function payerName(payer: string): string {
  return said(`payer.${payer}`) ?? payer;
}

/** 'fair hearing'; 'level 3' where it has no name. */
export function levelName(payer: string, level: string): string {
  return said(`level.${payer}.${level}`) ?? t.level_other(Number(level));
}

/** The part of the document in which a rule stands. */
export function termGroup(key: string): string {
  return key.split('.')[0] ?? key;
}

export function termGroupName(group: string): string {
  return said(`terms.${group}`) ?? group;
}

export function termName(key: string): string {
  const [group, payer = '', level = '', step = ''] = key.split('.');
  if (group !== 'appeal') return said(`term.${key}`) ?? key;
  if (level === 'aid') return t.term_aid(payerName(payer), t.term_step_aid);
  return t.term_appeal(payerName(payer), levelName(payer, level), step === 'decide' ? t.term_step_decide : t.term_step_file);
}

function counted(term: Term): string {
  switch (term.counts) {
    case 'hours':
      return t.term_count_hours(term.count);
    case 'days':
      return t.term_count_days(term.count);
    case 'business_days':
      return t.term_count_business_days(term.count);
    case 'months':
      return t.term_count_months(term.count);
    case 'month_ends':
      return t.term_count_month_ends(term.count);
    case 'times':
      return t.term_count_times(term.count);
    case 'percent':
      return t.term_count_percent(term.count);
    case 'points':
      return t.term_count_points(term.count);
  }
}

/** '60 days and 5 days for the mail, from the day it came' */
export function termText(term: Term): string {
  const parts = [counted(term)];
  if (term.mail_days > 0) parts.push(t.term_mail(term.mail_days));
  if (term.from !== 'none') parts.push(t[`term_from_${term.from}`]);
  const said = [parts.join(' ')];
  if (term.rolls) said.push(t.term_rolls);
  return said.join('; ');
}
