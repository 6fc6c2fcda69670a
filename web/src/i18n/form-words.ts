// Words for what is wrong with a form's file, and for what scores mean. Owns the rule that every
// problem has a text (a missing one does not compile).

import type { FormError } from '../generated/FormError';
import { messages } from './messages';
import { t } from './texts';
import { said } from './said';

export function formErrorText(error: FormError): string {
  switch (error.problem) {
    case 'too_big':
      return t.form_too_big(error.max_kib);
    case 'not_json':
      return t.form_not_json(error.line, error.column);
    case 'not_questionnaire':
      return t.form_not_questionnaire(error.found);
    case 'no_items':
      return t.form_no_items;
    case 'too_many_items':
      return t.form_too_many_items(error.max);
    case 'too_many_options':
      return t.form_too_many_options(error.item, error.max);
    case 'too_deep':
      return t.form_too_deep(error.item, error.max);
    case 'property':
      return t.form_property(error.item, error.property);
    case 'link_twice':
      return t.form_link_twice(error.item);
    case 'no_question':
      return t.form_no_question(error.item, error.question);
    case 'ring':
      return t.form_ring(error.item);
    case 'no_list':
      return t.form_no_list(error.item, error.list);
  }
}

/** Words for scores that are said in every language. */
export const BAND_CODES: readonly string[] = Object.keys(messages)
  .filter((key) => key.startsWith('band.'))
  .map((key) => key.slice('band.'.length));

/** What a score means: a word of ours, or the agency's own as it is. */
export function bandText(word: string): string {
  return said(`band.${word}`) ?? word;
}

/** What Satchel does otherwise than a form expects. */
export function remarkText(code: string): string {
  return said(`forms_remark.${code}`) ?? code;
}
