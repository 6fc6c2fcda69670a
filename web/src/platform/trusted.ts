/**
 * The one place where text becomes the address of a script (Trusted Types policy `app`). Owns the
 * rule that scripts come from this origin alone.
 */

function checked(address: string): string {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) throw new TypeError('a script of another origin');
  return url.href;
}

/** As far as we use it; TypeScript's own description of the DOM does not have it. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy('app', { createScriptURL: checked });

/**
 * The address in the form that `new Worker` and `serviceWorker.register` take under our policy: a
 * TrustedScriptURL where the browser has them, whatever its type says.
 */
export function scriptAddress(address: string): string {
  return policy === undefined ? checked(address) : policy.createScriptURL(address);
}
