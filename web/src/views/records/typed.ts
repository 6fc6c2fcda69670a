// The boxes of a form as the one text in which the engine keeps them as a draft. Owns the rule that a
// text which is none of ours reads as nothing typed.

export type Values = Record<string, string>;

/** Empty when there is nothing. */
export function encoded(values: Values): string {
  return Object.keys(values).length === 0 ? '' : JSON.stringify(values);
}

export function decoded(text: string): Values {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return {};
  return Object.fromEntries(Object.entries(found).filter((one): one is [string, string] => typeof one[1] === 'string'));
}

/** Those that are not as they were at first. */
export function changed(values: Values, first: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== (first[key] ?? '')));
}
