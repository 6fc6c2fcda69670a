// The access log in words. A deed that only a newer app knows is called by its code.

import { logTexts } from './messages/log';
import { said } from './wording';

const PREFIX = 'did.';

/** The deeds that can be asked for, in the order of the catalogue. */
export const DEEDS: readonly string[] = Object.keys(logTexts)
  .filter((key) => key.startsWith(PREFIX))
  .map((key) => key.slice(PREFIX.length));

export function deedDone(deed: string): string {
  return said(`${PREFIX}${deed}`) ?? deed;
}
