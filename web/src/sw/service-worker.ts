/**
 * Lets the app start without a network: keeps every file of one build and answers from them alone.
 * Owns the rule that a window never sees files of two builds: a new build waits until no other
 * window runs the old one. Refuses to touch the conversation with the relay.
 */

/// <reference lib="webworker" />

import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope;
/** Written in by the build. */
declare const __KEPT__: { url: string; revision: string | null }[];

precacheAndRoute(__KEPT__, { cleanURLs: false, ignoreURLParametersMatching: [/.*/] });
cleanupOutdatedCaches();

// Whatever page a person opens is the one page; its script reads the rest of the address. The
// relay's own addresses are asked of the relay.
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/'), {
    denylist: [/^\/(sync|health|metrics|admin|api)(\/|$)/],
  }),
);

// A window that has just started asks the waiting build to take over before it has loaded anything
// else. With more windows open it waits: they would find the old build's files gone.
self.addEventListener('message', (event) => {
  if (event.data !== 'take over if alone') return;
  event.waitUntil(takeOverIfAlone(event.ports[0]));
});

async function takeOverIfAlone(asker: MessagePort | undefined): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const alone = windows.length <= 1;
  asker?.postMessage(alone ? 'taking over' : 'waiting');
  if (alone) await self.skipWaiting();
}
