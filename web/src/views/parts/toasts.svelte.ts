// Short confirmations, one at a time, each perhaps with a way back. Owns the rule that one with a way
// back stays long enough for a slow hand (and until closed while it has the focus or the pointer).

export interface Toast {
  id: number;
  text: string;
  undo?: () => void;
}

const PLAIN_MS = 5_000;
const UNDO_MS = 30_000;

let shown = $state.raw<Toast | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;
let next = 1;

function planClose(): void {
  clearTimeout(timer);
  timer = setTimeout(() => (shown = undefined), shown?.undo ? UNDO_MS : PLAIN_MS);
}

export const toasts = {
  get shown(): Toast | undefined {
    return shown;
  },
  say(text: string, undo?: () => void): void {
    shown = undo ? { id: next++, text, undo } : { id: next++, text };
    planClose();
  },
  close(): void {
    clearTimeout(timer);
    shown = undefined;
  },
  /** Somebody is at it. */
  hold(): void {
    clearTimeout(timer);
  },
  release(): void {
    if (shown) planClose();
  },
};
