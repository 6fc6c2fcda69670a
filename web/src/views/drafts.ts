// Typed text that is not kept yet. Owns the promise that whoever locks or leaves waits until every
// open note has been kept.

const open = new Set<() => Promise<void>>();

/** Registers how to keep an open note; returns how to take it off. */
export function keepBeforeLeaving(keep: () => Promise<void>): () => void {
  open.add(keep);
  return () => open.delete(keep);
}

export async function keepAll(): Promise<void> {
  await Promise.all([...open].map((keep) => keep()));
}
