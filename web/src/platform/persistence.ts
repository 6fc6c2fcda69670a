/** Asks the browser not to evict what is stored here, and tells what it answered. */

/** Asks once; the browser may decide without a question to the person. */
export async function askToPersist(): Promise<void> {
  try {
    await navigator.storage.persist();
  } catch {
    // The answer that counts is `isPersisted`.
  }
}

/** Null where the browser cannot say. */
export async function isPersisted(): Promise<boolean | null> {
  try {
    return await navigator.storage.persisted();
  } catch {
    return null;
  }
}
