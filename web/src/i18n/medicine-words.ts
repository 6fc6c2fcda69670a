// Words for what becomes of the rows of an agency's table of medicines. Owns the rule that every
// reason has a text (a missing one does not compile). Refuses to know which rows hold.

import type { TableError } from '../generated/TableError';
import { t } from './texts';
import { said } from './wording';

/** The kinds of rows, the commonest first. */
export const ROW_KINDS = ['interaction', 'name', 'product', 'class', 'allergy', 'local', 'nothing', 'lasting', 'absorbed'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** What the columns of a row of this kind are, from the second on. */
export function columnTexts(kind: RowKind): string[] {
  return t[`medicines_row.${kind}`].split(' · ');
}

/** Why a row is not used, and what to do. */
export function rowText(error: TableError): string {
  switch (error.code) {
    case 'too_big':
      return t.medicines_too_big(error.max_kib);
    case 'too_many':
      return t.row_too_many(error.max);
    case 'quote':
      return t.row_quote;
    case 'unreadable':
      return t.row_unreadable;
    case 'kind':
      return t.row_kind(ROW_KINDS.join(', '));
    case 'missing':
      return t.row_missing(error.column);
    case 'extra':
      return t.row_extra(error.column);
    case 'spread':
      return t.row_spread;
    case 'severity':
      return t.row_severity;
    case 'number':
      return t.row_number(error.column);
    case 'unknown':
      return t.row_unknown(error.name);
    case 'taken':
      return t.row_taken(error.name);
    case 'twice':
      return t.row_twice(error.name);
  }
}

/** It is about the file as a whole: nothing of it is used. */
export function isWhole(error: TableError): boolean {
  return error.code === 'too_big' || error.code === 'too_many' || error.code === 'quote';
}

/** How grave an interaction of a table is. */
export function gravityText(severity: string): string {
  return said(`detail.interaction.${severity}`) ?? severity;
}
