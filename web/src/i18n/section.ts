// The shape of a part of the catalogue: every key has every language, and where one language takes
// parameters all do. A missing language is a type error.

import type { Language } from './language.svelte';

type Words = Record<Language, string>;
// `never` parameters accept any function here; the caller sees the exact type of the entry itself.
type Phrases = Record<Language, (...values: never[]) => string>;

export type Section = Record<string, Words | Phrases>;
