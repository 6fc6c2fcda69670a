// The one catalogue, spoken in the language of the moment: `t.lock_now`, `t.cases_count(3)`. Owns
// the binding of key to language. Refuses to know when anything is said.

import { language } from './language.svelte';
import { messages } from './messages';

type Catalogue = typeof messages;
/** Texts as plain strings, phrases with parameters as functions. */
type Spoken<Entry> = Entry extends string ? string : Entry;
export type Texts = { readonly [Key in keyof Catalogue]: Spoken<Catalogue[Key]['en']> };

/** Reading a key inside a component follows a change of language. */
export const t: Texts = Object.defineProperties(
  {},
  Object.fromEntries(
    Object.entries(messages).map(([key, entry]) => [key, { enumerable: true, get: () => entry[language.current] }]),
  ),
) as Texts;
