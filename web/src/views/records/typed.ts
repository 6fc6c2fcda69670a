// What was typed into a form and not saved yet. Kept in memory alone, so that it outlives the
// automatic lock and a look at another screen; dropped when somebody else opens a profile here.

export type Values = Record<string, string>;

let profile = '';
const byForm = new Map<string, Values>();

export function recall(of: string, form: string): Values | undefined {
  if (of !== profile) {
    byForm.clear();
    profile = of;
  }
  const found = byForm.get(form);
  return found && { ...found };
}

/** Call after `recall`, for the same profile. */
export function keep(form: string, values: Values): void {
  byForm.set(form, { ...values });
}

export function forget(form: string): void {
  byForm.delete(form);
}
