/**
 * One owner for each profile among this browser's windows: a Web Lock, held as long as the worker
 * lives. Owns the difference between waiting, giving up and taking over. A suspended window may
 * still believe that it owns; the generation in `profile-store` stops that one.
 */

export const lockName = (slot: string): string => `satchel:${slot}`;

/** A page that is being reloaded holds its lock a moment longer than it shows. */
const WAIT_MS = 1_000;

/**
 * Resolves to true once this worker owns the profile, to false when another window keeps it.
 * `lost` is called when another window has taken the profile over.
 */
export function own(slot: string, takeOver: boolean, lost: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    let owned = false;
    const forEver = new Promise<never>(() => {});
    const granted = (): Promise<never> => {
      owned = true;
      resolve(true);
      return forEver;
    };
    const options: LockOptions = takeOver ? { steal: true } : { signal: AbortSignal.timeout(WAIT_MS) };
    navigator.locks.request(lockName(slot), options, granted).catch(() => {
      if (owned) lost();
      else resolve(false);
    });
  });
}

/** Runs `work` if no window has the profile open; the answer tells whether it did. */
export function whileNobodyOwns(slot: string, work: () => Promise<void>): Promise<boolean> {
  return navigator.locks.request(lockName(slot), { ifAvailable: true }, async (lock) => {
    if (lock === null) return false;
    await work();
    return true;
  });
}
