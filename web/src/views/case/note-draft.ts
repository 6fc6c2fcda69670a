// What stands in the form of a note, and the one text in which the engine keeps it as a draft. Owns
// the rule that whatever was typed is found again, also what an older app kept as plain text.

import type { NewNoteView } from '../../generated';
import { formatOf } from '../records/schema';
import { fromBox } from '../records/time';

export interface NoteText {
  format: string;
  /** By section of the format. */
  sections: Record<string, string>;
  /** As the box has it: local time; empty for now. */
  happened: string;
  cosign: boolean;
  /** The signed note to which it is an addendum; empty for none. */
  after: string;
}

export const NARRATIVE = 'narrative';

export function blank(after = ''): NoteText {
  return { format: NARRATIVE, sections: {}, happened: '', cosign: false, after };
}

/** Sections of the format, in its order. */
export function sectionKeys(format: string): string[] {
  return formatOf(format)?.sections.map((section) => section.key) ?? [];
}

/** Texts by section after two have written: of a section that both changed, theirs and then mine. */
export function joined(first: Record<string, string>, theirs: Record<string, string>, mine: Record<string, string>): Record<string, string> {
  const changed = (text: string | undefined, key: string): boolean => (text ?? '').trim() !== (first[key] ?? '').trim();
  const keys = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  const text = (key: string): string => {
    const [one, other] = [theirs[key] ?? '', mine[key] ?? ''];
    if (!changed(other, key)) return one;
    return changed(one, key) && one.trim() !== other.trim() ? `${one}\n\n${other}` : other;
  };
  return Object.fromEntries(keys.map((key) => [key, text(key)]));
}

export function isEmpty(note: NoteText): boolean {
  return Object.values(note.sections).every((text) => text.trim() === '');
}

/** For the engine; empty text when nothing has been typed. */
export function encoded(note: NoteText): string {
  return isEmpty(note) ? '' : JSON.stringify(note);
}

export function decoded(kept: string): NoteText {
  if (kept === '') return blank();
  return parsed(kept) ?? { ...blank(), sections: { text: kept } };
}

function parsed(kept: string): NoteText | undefined {
  let found: unknown;
  try {
    found = JSON.parse(kept);
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null || !('format' in found) || !('sections' in found)) return undefined;
  const { format, sections } = found;
  if (typeof format !== 'string' || formatOf(format) === undefined || typeof sections !== 'object' || sections === null) return undefined;
  const text = (key: string): string => {
    const value: unknown = Object.entries(found).find(([name]) => name === key)?.[1];
    return typeof value === 'string' ? value : '';
  };
  const texts = Object.entries(sections).filter((one): one is [string, string] => typeof one[1] === 'string');
  return { format, sections: Object.fromEntries(texts), happened: text('happened'), cosign: 'cosign' in found && found.cosign === true, after: text('after') };
}

/** The draft as words, for a line on the case's page. */
export function preview(kept: string): string {
  return Object.values(decoded(kept).sections)
    .filter((text) => text.trim() !== '')
    .join(' · ');
}

/** In another format: what has no section there goes into the first one. */
export function inFormat(note: NoteText, format: string): NoteText {
  const keys = sectionKeys(format);
  const [first] = keys;
  if (first === undefined) return note;
  const sections: Record<string, string> = {};
  const homeless: string[] = [];
  for (const [key, text] of Object.entries(note.sections)) {
    if (keys.includes(key)) sections[key] = text;
    else if (text.trim() !== '') homeless.push(text);
  }
  if (homeless.length > 0) sections[first] = [sections[first] ?? '', ...homeless].filter((text) => text !== '').join('\n\n');
  return { ...note, format, sections };
}

/** As the engine takes it. */
export function asNew(note: NoteText, sign: boolean): NewNoteView {
  return {
    format: note.format,
    sections: sectionKeys(note.format)
      .map((key): [string, string] => [key, (note.sections[key] ?? '').trim()])
      .filter(([, text]) => text !== ''),
    happened_at: fromBox(note.happened) ?? null,
    addendum_to: note.after || null,
    sign,
    cosign: note.cosign,
  };
}
