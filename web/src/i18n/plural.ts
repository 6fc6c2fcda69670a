// Chooses between the forms of a counted phrase. Owns the rule that every phrase has 'other', the
// form that fits any number. Refuses to know any words.

import type { Language } from './language.svelte';

const rules: Record<Language, Intl.PluralRules> = {
  en: new Intl.PluralRules('en'),
  es: new Intl.PluralRules('es'),
};

export type Forms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

export function plural(language: Language, n: number, forms: Forms): string {
  return forms[rules[language].select(n)] ?? forms.other;
}

/** 'Ana, Ben and Cy' */
export function listed(language: Language, names: readonly string[]): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
}
