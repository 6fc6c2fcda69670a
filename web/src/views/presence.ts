// Tells that somebody is at the tablet, seldom enough to cost nothing.

const EVERY_MS = 5_000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'] as const;

export function presence(seen: () => void): () => void {
  let last = 0;
  const sign = () => {
    const now = performance.now();
    if (last !== 0 && now - last < EVERY_MS) return;
    last = now;
    seen();
  };
  for (const name of SIGNS) addEventListener(name, sign, { passive: true, capture: true });
  return () => {
    for (const name of SIGNS) removeEventListener(name, sign, { capture: true });
  };
}
