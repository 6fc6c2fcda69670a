/** Loads the core. This folder alone knows that it is WebAssembly. */

import type { Device, Effect, Input } from '../generated';
import init, { Engine as WasmEngine, stretch_floor } from '../generated/wasm/satchel_wasm';
import wasmUrl from '../generated/wasm/satchel_wasm_bg.wasm?url';

/** The core's state machine: what it is told, and what is to be done. */
export interface Engine {
  handle(now: number, input: Input): Effect[];
  /** When it wants a tick, in milliseconds since the Unix epoch. */
  deadline(): number | undefined;
}

export async function loadEngine(device: Device): Promise<Engine> {
  await init({ module_or_path: wasmUrl });
  return new WasmEngine(device) as unknown as Engine;
}

/** So often is measured: the first time, the browser is still compiling. */
const ROUNDS = 2;

/** How long this tablet takes for the work that a vault costs at least, in milliseconds. */
export function floorMs(): number {
  const salt = new Uint8Array(32);
  const times = Array.from({ length: ROUNDS }, () => {
    const begun = performance.now();
    stretch_floor('', salt);
    return performance.now() - begun;
  });
  return Math.ceil(Math.min(...times));
}
