/**
 * Registers the service worker that keeps the app for offline use. Owns the rule of when a new
 * build takes over: at a start, before anything else has been loaded, and only when this is the
 * only window. Knows nothing of what the service worker keeps.
 */

import { scriptAddress } from './trusted';

const SCRIPT = '/sw.js';
const ANSWER_MS_MAX = 1_500;

/** Resolves to true when a newer build takes over; the page is then about to load it. */
export async function takeOverByNewBuild(): Promise<boolean> {
  const container = navigator.serviceWorker;
  const waiting = (await container?.getRegistration('/'))?.waiting;
  if (!waiting) return false;
  // Also when the answer came too late to wait for: this window's own files are then gone.
  container.addEventListener('controllerchange', () => location.reload(), { once: true });
  return new Promise<boolean>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (message) => resolve(message.data === 'taking over');
    waiting.postMessage('take over if alone', [port2]);
    setTimeout(() => resolve(false), ANSWER_MS_MAX);
  });
}

/** Keeps the app on this device; a failure leaves it usable while there is a network. */
export async function keepForOffline(): Promise<void> {
  try {
    await navigator.serviceWorker?.register(scriptAddress(SCRIPT), { updateViaCache: 'none' });
  } catch (error) {
    console.warn('the app could not be kept for offline use', error);
  }
}
