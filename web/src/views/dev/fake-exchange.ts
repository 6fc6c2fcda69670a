// Files of made-up colleagues. Never part of the app.

import type { BundleAsk, Reply } from '../../generated';
import { HOUR_MS, NOW } from './fake-ids';

const DAMAGED = { name: 'Dana Ito', by_relay: false, proven: true, at: NOW - 3 * HOUR_MS, own: false, entries: 60, fresh: 41, cases: 6, carried: 9, damaged: 1, newer: false, cut: false };

export function bundleAnswer(ask: BundleAsk): Reply {
  switch (ask.type) {
    case 'peers':
      return {
        type: 'bundle',
        said: {
          type: 'peers',
          peers: [
            { peer: 'aa', name: 'Dana Ito', made_at: NOW - 50 * HOUR_MS },
            { peer: 'bb', name: '', made_at: NOW - 200 * HOUR_MS },
          ],
        },
      };
    case 'make':
    case 'more':
      return { type: 'bundle', said: { type: 'piece', bytes: new Uint8Array(1_200), end: ask.type === 'more' } };
    case 'look':
    case 'take':
      if (!ask.end) return { type: 'bundle', said: { type: 'going' } };
      if (ask.type === 'look') return { type: 'bundle', said: { type: 'file', file: DAMAGED } };
      return { type: 'bundle', said: { type: 'taken', taken: { fresh: 41, cases: 6, carried: 9, waiting: 2, refused: 0, damaged: 1 } } };
  }
}
