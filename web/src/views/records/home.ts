// On which part of a case's page the records of a kind stand.

import type { CaseTab } from '../router.svelte';

const HOMES: Readonly<Record<string, CaseTab>> = {
  case: 'overview',
  assignment: 'access',
  transfer: 'access',
  sharing: 'access',
  ruling: 'access',
  medication: 'medications',
  allergy: 'medications',
  appointment: 'appointments',
  task: 'tasks',
  assessment: 'assessments',
  visit: 'visits',
};

export function homeOf(kind: string): CaseTab {
  return HOMES[kind] ?? 'person';
}
