// Everything a view needs to speak: texts, times, wordings of codes, the choice of language.

export { absolute, age, clock, coming, daysUntil, duration, isoDay, moment, timeOfDay, today } from './dates.svelte';
export { choiceText, detailsOf, ruleText, ruleTitle, SEVERITIES, severityText, sideOf } from './finding-words';
export { BAND_CODES, bandText, remarkText } from './form-words';
export { LANGUAGES, LANGUAGE_NAMES, language, type Language } from './language.svelte';
export { columnTexts, gravityText, isWhole, ROW_KINDS, rowText, type RowKind } from './medicine-words';
export { t } from './texts';
export {
  checkText,
  codeText,
  compartmentName,
  deedText,
  evvText,
  failureText,
  fieldLabel,
  formatName,
  kindName,
  kindsName,
  noteStateText,
  recordLabel,
  refusalText,
  roleName,
  sectionName,
  stateText,
  struckText,
  tabName,
  valueText,
  visitStepName,
} from './wording';
export { deedDone, DEEDS } from './log-words';
export { ruleHint, ruleName, ruleValue, unitName } from './policy-words';
export { levelName, payerName, termGroup, termGroupName, termName, termText } from './term-words';
export { hoursText, NEED_CODES, needName, refusedText, REMARK_KINDS, remarkChoice, remarkName, serviceLabel } from './resource-words';
