/** Whether this browser has everything that the app cannot do without. */

export async function isSupported(): Promise<boolean> {
  const there =
    isSecureContext &&
    'indexedDB' in globalThis &&
    'WebAssembly' in globalThis &&
    'Worker' in globalThis &&
    'locks' in navigator &&
    'subtle' in crypto;
  if (!there) return false;
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    return true;
  } catch {
    return false;
  }
}
