// Everything a view needs to speak: texts, times, wordings of codes, the choice of language.

export { absolute, age, clock, moment } from './dates.svelte';
export { LANGUAGES, LANGUAGE_NAMES, language, type Language } from './language.svelte';
export { t } from './texts';
export { failureText, fieldLabel, refusalText, roleName, valueText } from './wording';
