/** Which profile this window has open: survives a reload, not the window. */

const KEY = 'satchel.slot';

export function chosenSlot(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function choose(slot: string): void {
  try {
    sessionStorage.setItem(KEY, slot);
  } catch {
    // Only convenience is lost: the person is asked again after a reload.
  }
}
