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
  need: 'plan',
  plan: 'plan',
  goal: 'plan',
  step: 'plan',
  progress: 'plan',
  plan_signature: 'plan',
  proposal: 'plan',
  plan_review: 'plan',
  coverage: 'appeals',
  authorization: 'appeals',
  unit_use: 'appeals',
  denial: 'appeals',
  appeal: 'appeals',
  evidence: 'appeals',
  supervision: 'release',
  condition: 'release',
  conduct: 'release',
  release_step: 'release',
  release_move: 'release',
};

export function homeOf(kind: string): CaseTab {
  return HOMES[kind] ?? 'person';
}
