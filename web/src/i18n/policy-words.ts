// The agency's rules in words. A rule that only a newer app knows is called by its key.

import type { RuleView } from '../generated/RuleView';
import { t } from './texts';
import { said } from './wording';

export function ruleName(key: string): string {
  return said(`policy.${key}`) ?? key;
}

/** What a rule does; empty where this app does not know it. */
export function ruleHint(key: string): string {
  return said(`policy_hint.${key}`) ?? '';
}

export function unitName(unit: string): string {
  return said(`policy_unit_${unit}`) ?? unit;
}

/** 'after 5 minutes', 'never' */
export function ruleValue(rule: RuleView, value: number): string {
  if (rule.may_be_off && value === 0) return t.policy_off;
  if (rule.unit === 'minutes') return t.policy_minutes(value);
  return rule.unit === 'days' ? t.policy_days(value) : `${value} ${unitName(rule.unit)}`;
}
