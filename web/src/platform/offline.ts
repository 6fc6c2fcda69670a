/**
 * Registers the service worker that keeps the app for offline use. Owns the rule of when a new
 * build takes over: at a start, before anything else has been loaded, and only when this is the
 * only window. Knows nothing of what the service worker keeps.
 */

import { scriptAddress } from './trusted';

const SCRIPT = '/sw.js';
const ANSWER_MS_MAX = 1_500;

/** Resolves to true when a newer build has taken over and the page is about to load it. */
export async function takeOverByNewBuild(): Promise<boolean> {
  const container = navigator.serviceWorker;
  const waiting = (await container?.getRegistration('/'))?.waiting;
  if (!waiting) return false;
  const changed = new Promise<boolean>((resolve) => {
    container.addEventListener('controllerchange', () => resolve(true), { once: true });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (message) => {
      if (message.data !== 'taking over') resolve(false);
    };
    waiting.postMessage('take over if alone', [port2]);
    setTimeout(() => resolve(false), ANSWER_MS_MAX);
  });
  if (!(await changed)) return false;
  location.reload();
  return true;
}

/** Keeps the app on this device; a failure leaves it usable while there is a network. */
export async function keepForOffline(): Promise<void> {
  try {
    await navigator.serviceWorker?.register(scriptAddress(SCRIPT), { updateViaCache: 'none' });
  } catch (error) {
    console.warn('the app could not be kept for offline use', error);
  }
}
