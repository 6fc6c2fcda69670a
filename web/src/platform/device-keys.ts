/**
 * A profile's keys that never leave this tablet: WebCrypto keeps them and gives out neither. Owns
 * their derivation labels; knows nothing of vaults and relays.
 */

import type { Device } from '../generated';

const SECRET_LABEL = 'satchel/device-secret/1';

/** As IndexedDB keeps them: CryptoKeys that cannot be exported. */
export interface DeviceKeys {
  /** HMAC-SHA-256; its output over a fixed label is the device's secret. */
  secret: CryptoKey;
  /** Ed25519, to sign in at the relay. */
  transport: CryptoKeyPair;
}

export async function newDeviceKeys(): Promise<DeviceKeys> {
  const hmac: HmacKeyGenParams = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  return {
    secret: await crypto.subtle.generateKey(hmac, false, ['sign']),
    transport: (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair,
  };
}

/** What the engine is told of them. */
export async function deviceOf(keys: DeviceKeys): Promise<Device> {
  const label = new TextEncoder().encode(SECRET_LABEL);
  return {
    secret: new Uint8Array(await crypto.subtle.sign('HMAC', keys.secret, label)),
    transport: new Uint8Array(await crypto.subtle.exportKey('raw', keys.transport.publicKey)),
  };
}

export async function signWith(keys: DeviceKeys, message: Uint8Array): Promise<Uint8Array> {
  const bytes = new Uint8Array(message);
  return new Uint8Array(await crypto.subtle.sign('Ed25519', keys.transport.privateKey, bytes));
}
