/** Loads the core. This folder alone knows that it is WebAssembly. */

import type { Device, Effect, Input } from '../generated';
import init, { Engine as WasmEngine } from '../generated/wasm/satchel_wasm';
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
