// From codes to words: failures, refusals, roles, field keys and listed values. Owns the rule that
// every code of the contract has a text (a missing one does not compile). Refuses to decide anything.

import type { Failure } from '../generated/Failure';
import type { RoleName } from '../generated/RoleName';
import { day, duration } from './dates.svelte';
import { formErrorText } from './form-words';
import { said } from './said';
import { t } from './texts';

export { said };

/** What went wrong and what to do next. `label` names fields that are not the person's. */
export function failureText(failure: Failure, label: (key: string) => string = fieldLabel): string {
  switch (failure.code) {
    case 'locked':
      return t.fail_locked;
    case 'wrong_moment':
      return t.fail_wrong_moment;
    case 'wrong_passphrase':
      return t.fail_wrong_passphrase;
    case 'too_soon':
      return t.pause_text(duration(Math.ceil(failure.wait_ms / 1_000)));
    case 'out_of_touch':
      return t.fail_out_of_touch(failure.since === null ? t.fail_out_of_touch_long : day(failure.since));
    case 'short_passphrase':
      return t.fail_short_passphrase(failure.min);
    case 'bad_bundle':
      return { not_one: t.exchange_not_one, other_agency: t.exchange_other_agency, newer: t.exchange_newer, too_long: t.exchange_too_long, full: t.exchange_full }[failure.problem];
    case 'bad_link':
      return t.fail_bad_link;
    case 'bad_sheet':
      return failure.sheet === 'root' ? t.fail_bad_sheet_root : t.fail_bad_sheet_recovery;
    case 'not_found':
      return t.fail_not_found;
    case 'not_allowed':
      return t.fail_not_allowed;
    case 'empty':
      return t.fail_empty(label(failure.field));
    case 'too_long':
      return t.fail_too_long(label(failure.field), failure.max);
    case 'unknown_field':
      return t.fail_unknown_field(label(failure.field));
    case 'bad_value':
      return badValueText(label(failure.field), failure.expected);
    case 'plan_incomplete':
      return t.fail_plan_incomplete(failure.missing.map((code) => said(`missing.${code}`) ?? code).join(', '));
    case 'inherited':
      return t.fail_inherited(failure.author || t.fail_inherited_outside);
    case 'changed_since':
      return t.fail_changed_since;
    case 'bad_transition':
      return t.fail_bad_transition;
    case 'not_ready':
      return t.fail_not_ready;
    case 'import_too_big':
      return t.fail_import_too_big(failure.max_mb);
    case 'import_encoding':
      return t.fail_import_encoding(failure.line);
    case 'import_missing_column':
      return t.fail_import_missing_column(failure.column, failure.found.join(', '));
    case 'import_truncated':
      return t.fail_import_truncated(failure.line);
    case 'import_cell_too_long':
      return t.fail_import_cell_too_long(failure.line);
    case 'import_empty':
      return t.fail_import_empty;
    case 'bad_form':
      return formErrorText(failure.error);
    case 'damaged':
      return t.fail_damaged;
    default:
      return unworded(failure);
  }
}

/** By the notation of the core's checks; what is not known here still gets a sentence. */
function badValueText(label: string, expected: string): string {
  const [, from, to] = /^(\d+) to (\d+)$/.exec(expected) ?? [];
  if (from !== undefined && to !== undefined) return t.fail_bad_value_number(label, from, to);
  if (expected === 'a time that is past') return t.fail_bad_value_past(label);
  return expected === 'later than the start' ? t.fail_bad_value_end(label) : t.fail_bad_value(label);
}

// An app that is a version behind its engine still says something.
function unworded(_: never): string {
  return t.fail_unknown;
}

/** Why the relay would not. A code of a newer relay falls back to a general text. */
export function refusalText(code: string): string {
  const key = `refuse_${code}`;
  return said(key) ?? t.refuse_unknown;
}

export function roleName(role: RoleName): string {
  switch (role) {
    case 'auditor':
      return t.role_auditor;
    case 'worker':
      return t.role_worker;
    case 'supervisor':
      return t.role_supervisor;
    case 'admin':
      return t.role_admin;
  }
}

/** A field's label; an imported column is called by its header. */
export function fieldLabel(key: string): string {
  if (key.startsWith('extra.')) return key.slice('extra.'.length);
  return said(`field.${key}`) ?? key;
}

/** A value as a person reads it: those from a fixed list have words, others stand as they are. */
export function valueText(key: string, value: string): string {
  return said(`value.${key}.${value}`) ?? value;
}

/** The name of a kind of record. One that only a newer app knows is called by its code. */
export function kindName(kind: string): string {
  return said(`kind.${kind}`) ?? kind;
}

/** The heading over records of a kind. */
export function kindsName(kind: string): string {
  return said(`kinds.${kind}`) ?? kind;
}

/** The label of a record's field. */
export function recordLabel(kind: string, key: string): string {
  return said(`record.${kind}.${key}`) ?? said(`record.${key}`) ?? key;
}

/** A code that a record's field holds. */
export function codeText(kind: string, key: string, code: string): string {
  return said(`code.${kind}.${key}.${code}`) ?? said(`code.${code}`) ?? code;
}

export function stateText(kind: string, state: string): string {
  return said(`state.${kind}.${state}`) ?? said(`state.${state}`) ?? state;
}

/** What is on the button that leads to a state. */
export function deedText(kind: string, state: string): string {
  return said(`deed.${kind}.${state}`) ?? said(`deed.${state}`) ?? stateText(kind, state);
}

export function formatName(format: string): string {
  return said(`format.${format}`) ?? format;
}

export function sectionName(section: string): string {
  return said(`section.${section}`) ?? section;
}

export function noteStateText(state: string): string {
  return said(`note_state.${state}`) ?? state;
}

/** Why a note was struck: what a person wrote, or the code of what struck it. */
export function struckText(reason: string): string {
  return said(`note_struck.${reason}`) ?? reason;
}

/** What is looked after on a visit; of a list that only a newer app has, its code. */
export function checkText(code: string): string {
  return said(`check.${code}`) ?? code;
}

/** What a verified visit has to say. */
export function evvText(code: string): string {
  return said(`evv.${code}`) ?? code;
}

export function visitStepName(step: string): string {
  return said(`visit_step.${step}`) ?? step;
}

/** What a compartment is about; of one that a newer app knows, its code. */
export function compartmentName(kind: string): string {
  return said(`compartment.${kind}`) ?? kind;
}

/** The part of a case's page. */
export function tabName(tab: string): string {
  return said(`tab.${tab}`) ?? tab;
}
