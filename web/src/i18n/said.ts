// The text under a key that is put together from codes, if there is one.

import { messages } from './messages';
import { t } from './texts';

export function said(key: string): string | undefined {
  if (!Object.hasOwn(messages, key)) return undefined;
  const text = t[key as keyof typeof messages];
  return typeof text === 'string' ? text : undefined;
}
