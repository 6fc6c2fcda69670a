// Words for the codes of findings. Owns the rule that a code of a newer app still gets a sentence.
// Refuses to know what a finding means.

import type { FindingView } from '../generated/FindingView';
import type { Severity } from '../generated/Severity';
import { t } from './texts';
import { said } from './wording';

/** In order of gravity. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

export function severityText(severity: Severity): string {
  return t[`severity.${severity}`];
}

/** What met, in two or three words. */
export function ruleTitle(rule: string): string {
  return said(`rule.${rule}`) ?? t['rule.unknown'];
}

/** What that means, in a sentence. */
export function ruleText(rule: string): string {
  return said(`rule.${rule}.text`) ?? t['rule.unknown.text'];
}

/** A choice; one that names a side is said without it, since it stands beside it. */
export function choiceText(choice: string, rule = ''): string {
  const [code = ''] = choice.split(':');
  return said(`choice.${code}.${rule}`) ?? said(`choice.${code}`) ?? t['choice.unknown'];
}

/** The side that a choice names. */
export function sideOf(choice: string): string {
  const colon = choice.indexOf(':');
  return colon < 0 ? '' : choice.slice(colon + 1);
}

/** In the order in which they are read. */
const DETAILS = ['interaction', 'effect', 'lasting_days', 'ingredient', 'family', 'source', 'year', 'table'];

/** What a finding says about medicines beyond its sides, with a label each. */
export function detailsOf(finding: FindingView): { name: string; label: string; text: string }[] {
  return DETAILS.flatMap((name) => {
    const values = finding.details.filter(([known, value]) => known === name && value !== '').map(([, value]) => value);
    const label = said(`detail.${name}`);
    if (values.length === 0 || label === undefined) return [];
    const texts = values.map((value) => said(`detail.${name}.${value}`) ?? value);
    return [{ name, label, text: [...new Set(texts)].join('; ') }];
  });
}
