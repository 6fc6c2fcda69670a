// From codes to words: failures, refusals, roles, field keys and listed values. Owns the rule that
// every code of the contract has a text (a missing one does not compile). Refuses to decide anything.

import type { Failure } from '../generated/Failure';
import type { RoleName } from '../generated/RoleName';
import { t } from './texts';
import { messages } from './messages';

/** What went wrong and what to do next. */
export function failureText(failure: Failure): string {
  switch (failure.code) {
    case 'locked':
      return t.fail_locked;
    case 'wrong_moment':
      return t.fail_wrong_moment;
    case 'wrong_passphrase':
      return t.fail_wrong_passphrase;
    case 'short_passphrase':
      return t.fail_short_passphrase(failure.min);
    case 'bad_link':
      return t.fail_bad_link;
    case 'not_found':
      return t.fail_not_found;
    case 'not_allowed':
      return t.fail_not_allowed;
    case 'empty':
      return t.fail_empty(fieldLabel(failure.field));
    case 'too_long':
      return t.fail_too_long(fieldLabel(failure.field), failure.max);
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
    case 'damaged':
      return t.fail_damaged;
    default:
      return unworded(failure);
  }
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

function said(key: string): string | undefined {
  if (!Object.hasOwn(messages, key)) return undefined;
  const text = t[key as keyof typeof messages];
  return typeof text === 'string' ? text : undefined;
}
