// What one side of a finding says, in words: codes and dates as the forms show them, and what the
// finding tells about it beside its value.

import type { FindingSide, FindingView } from '../../generated';
import { choiceText, codeText, fieldLabel, kindName, recordLabel, sectionName, stateText, t, timeOfDay, valueText } from '../../i18n';
import { fieldOf, STATE } from '../records/schema';
import { dayText, momentText } from '../records/time';

/** The rule under which sides are settlements. */
const DIFFERENTLY = 'settled_differently';
const SECTION = 's.';

function partName({ kind, key }: FindingSide): string {
  if (key === '') return '';
  if (kind === 'person') return fieldLabel(key);
  if (kind === 'extra') return key;
  if (kind === 'note') return notePart(key);
  return recordLabel(kind, key);
}

function notePart(key: string): string {
  if (key.startsWith(SECTION)) return sectionName(key.slice(SECTION.length));
  return key === 'signed' ? t.review_signed : t.review_happened;
}

/** What kind of thing a side is, and which part of it. */
export function kindWord(finding: FindingView, side: FindingSide): string {
  if (finding.rule === DIFFERENTLY) return t.review_choice;
  if (side.kind === 'person' || side.kind === 'extra') return side.key === '' ? t.review_this_case : partName(side);
  const kind = side.kind === 'note' ? t['field.note'] : kindName(side.kind);
  // The heading names the field already.
  return side.key === '' || finding.rule === 'field' ? kind : `${kind}: ${partName(side)}`;
}

export function sideText(finding: FindingView, { kind, key, value }: FindingSide): string {
  if (finding.rule === DIFFERENTLY) {
    const choice = choiceText(key, detail(finding, 'rule'));
    return key.includes(':') ? `${choice}: ${value}` : choice;
  }
  if (kind === 'person' || kind === 'extra') return valueText(key, dayText(value));
  if (key === STATE) return stateText(kind, value);
  // The short form of a whole flag begins with its code.
  if (kind === 'flag' && key === '') return value.replace(/^[a-z_]+/, (code) => codeText('flag', 'kind', code));
  switch (fieldOf(kind, key)?.holds.type) {
    case 'choice':
      return codeText(kind, key, value);
    case 'flag':
      return value === '' ? t['code.no'] : t['code.yes'];
    case 'date':
      return dayText(value);
    case 'time':
      return /^\d+$/.test(value) ? momentText(Number(value)) : value;
    default:
      if (kind === 'note' && key === 'happened_at' && /^\d+$/.test(value)) return momentText(Number(value));
      return value;
  }
}

/** When it is, when it was checked, whether it counts for now: where the finding tells. */
export function remarksOn(finding: FindingView, { id }: FindingSide): string[] {
  const start = detail(finding, `start:${id}`);
  const end = detail(finding, `end:${id}`);
  const verified = detail(finding, `verified:${id}`);
  const reason = detail(finding, `reason:${id}`);
  return [
    start && momentText(Number(start)) + (end && ` – ${timeOfDay(Number(end))}`),
    verified && t.review_verified(dayText(verified)),
    detail(finding, 'provisional') === id ? t.review_provisional : '',
    reason && t.review_why_given(reason),
  ].filter((text) => text !== '');
}

/** What a finding is about beyond its rule: a field, a medicine, a flag. */
export function subject(finding: FindingView): string {
  const [side] = finding.sides;
  const flag = detail(finding, 'flag');
  // What a form asks is told by the form.
  if (finding.rule === 'two_scores') return detail(finding, 'form');
  if (finding.rule === 'field' && side) return detail(finding, 'question') || partName(side);
  return flag ? codeText('flag', 'kind', flag) : detail(finding, 'medication');
}

function detail(finding: FindingView, name: string): string {
  return finding.details.find(([known]) => known === name)?.[1] ?? '';
}
