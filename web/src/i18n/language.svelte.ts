// Which language the screens speak: what was chosen here last, else what the browser asks for.
// Owns the document's `lang`. Refuses to know any words.

export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', es: 'Español' };

const KEPT_AS = 'satchel.language';

function known(tag: string | null | undefined): Language | undefined {
  return LANGUAGES.find((language) => tag?.toLowerCase().split('-')[0] === language);
}

function first(): Language {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEPT_AS);
  } catch {
    // Storage may be forbidden: then the browser's wish counts.
  }
  return known(kept) ?? navigator.languages.map(known).find((language) => language !== undefined) ?? 'en';
}

const state = $state<{ current: Language }>({ current: first() });
document.documentElement.lang = state.current;

export const language = {
  get current(): Language {
    return state.current;
  },
  choose(next: Language): void {
    state.current = next;
    document.documentElement.lang = next;
    try {
      localStorage.setItem(KEPT_AS, next);
    } catch {
      // It holds until the page is closed.
    }
  },
};
