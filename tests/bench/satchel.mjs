// The driver of Satchel for a benchmark of sync stacks that speaks to native clients in lines of JSON:
// the relay as it is delivered, and `satchel-peer`, the real engine on a real WebSocket. Both are found
// in the folder that SATCHEL_BIN_DIR names: target/release, after
// `cargo build --release --package satchel-server --package satchel-tests`.
import { join } from 'node:path';

const bin = (name) => join(process.env.SATCHEL_BIN_DIR ?? 'target/release', name);

export const meta = {
  name: 'satchel',
  e2ee: true,
  ack: 'disk (SQLite WAL, synchronous=FULL; COMMIT before the acknowledgement)',
  idle: 'yes (equal fingerprints, signed checkpoint)',
  packages: [],
};

export const serverCommand = ({ port, dir }) => [
  bin('satchel'),
  ['serve', '--listen', `127.0.0.1:${port}`, '--db', join(dir, 'relay.db'), '--connections-per-address-max', '10000'],
  { SATCHEL_LOG: 'warn' },
];

export const clientCommand = () => [bin('satchel-peer'), [], {}];
