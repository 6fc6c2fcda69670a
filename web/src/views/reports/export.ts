// The caseload as one file for other programs: case after case, so that no more than one is in memory
// besides what is already text. Owns the shape of the whole; each case's part is the engine's.

import type { Client } from '../../client';
import type { Failure } from '../../generated';
import { today } from '../../i18n';
import { ask } from '../ask';

export type Exported = { ok: true; text: string } | { ok: false; failure: Failure };

/** `progress` is told how many are done. */
export async function caseload(client: Client, progress: (done: number, of: number) => void): Promise<Exported> {
  const policy = await ask(client, { type: 'policy' }, 'policy');
  if (!policy.ok) return policy;
  const staff = await ask(client, { type: 'staff' }, 'staff');
  if (!staff.ok) return staff;
  const rows = await ask(client, { type: 'caseload', search: '', today: today() }, 'caseload');
  if (!rows.ok) return rows;
  const { zone, terms } = policy.reply.policy;
  const rules = terms.map(({ key, versions }) => [
    key,
    versions.toReversed().flatMap(({ since, term }) => (term === null ? [] : [{ since, count: term.count, counts: term.counts }])),
  ]);
  const head = JSON.stringify({
    format: 'satchel-caseload-1',
    zone,
    terms: Object.fromEntries(rules),
    staff: Object.fromEntries(staff.reply.staff.map((one) => [one.staff, one.name])),
  });
  const cases: string[] = [];
  const ids = rows.reply.rows.map((row) => row.case);
  for (let n = 0; n < ids.length; n += 1) {
    const id = ids[n] ?? '';
    const file = await ask(client, { type: 'day', ask: { type: 'export', case: id } }, 'file');
    if (!file.ok) return file;
    cases.push(file.reply.text);
    const view = await ask(client, { type: 'case', case: id }, 'case');
    if (view.ok) ids.push(...view.reply.case.compartments.map((part) => part.case).filter((part) => !ids.includes(part)));
    progress(n + 1, ids.length);
  }
  return { ok: true, text: `${head.slice(0, -1)},"cases":[${cases.join(',')}]}` };
}
