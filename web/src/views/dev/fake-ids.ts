// Times and ids of the made-up agency. Never part of the app.

export const NOW = Date.now();
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** An id as the engine makes them: hex. */
export function idOf(n: number): string {
  return n.toString(16).padStart(32, '0');
}
