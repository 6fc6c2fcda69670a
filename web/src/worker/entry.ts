/** The worker: one profile, from its first message to its end. */

import type { Request } from '../generated';
import { floorMs } from './engine';
import type { FromWorker, ToWorker } from './messages';
import { type OpenProfile, open } from './open';

/** Before these the tablet is measured: a new vault costs what it can afford. */
const MAKE_A_VAULT: readonly Request['type'][] = ['found', 'join', 'restore', 'change_passphrase', 'drop_seeds'];

const tell = (message: FromWorker): void => postMessage(message);
let profile: Promise<OpenProfile | null> = Promise.resolve(null);

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'open') profile = open(data.slot, data.takeOver, tell);
  else void profile.then((opened) => opened !== null && pass(data, opened));
});

function pass(message: Exclude<ToWorker, { type: 'open' }>, { host, relay }: OpenProfile): void {
  if (message.type === 'request') {
    if (MAKE_A_VAULT.includes(message.request.type)) host.feed({ type: 'measured', floor_ms: floorMs() });
    host.feed({ type: 'request', id: message.id, request: message.request });
  } else if (message.online) {
    host.feed({ type: 'online' });
  } else {
    relay.drop();
  }
}
