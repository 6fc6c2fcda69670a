// Typed text that is not kept yet. Owns the promise that whoever locks or leaves waits until every
// open note has been kept.

const open = new Set<() => Promise<void>>();
/** What was typed on a screen that has just closed and is still on its way to the disk. */
const closing = new Set<Promise<void>>();

/** Registers how to keep an open note; returns how to take it off, which keeps it a last time. */
export function keepBeforeLeaving(keep: () => Promise<void>): () => void {
  open.add(keep);
  return () => {
    open.delete(keep);
    const last: Promise<void> = keep().finally(() => closing.delete(last));
    closing.add(last);
  };
}

export async function keepAll(): Promise<void> {
  await Promise.all([...[...open].map((keep) => keep()), ...closing]);
}
