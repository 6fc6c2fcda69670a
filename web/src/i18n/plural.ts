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

/** '45 seconds', '4 minutes', '4 minutes and 5 seconds' */
export function lasting(language: Language, seconds: number): string {
  const say = (n: number, unit: 'minute' | 'second') =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(n);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes === 0) return say(rest, 'second');
  return rest === 0 ? say(minutes, 'minute') : listed(language, [say(minutes, 'minute'), say(rest, 'second')]);
}
