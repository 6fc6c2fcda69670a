// The made-up agency's access log. Never part of the app.

import type { AccessEntryView, CaseView, Reply, Request } from '../../generated';
import { HOUR_MS, NOW } from './fake-ids';
import { STAFF } from './fake-records';

const DEEDS = ['view', 'edit', 'note', 'unlock', 'view', 'failed_unlock', 'share', 'of_tomorrow'];
const PAGE = 20;

export function logAnswer(request: Extract<Request, { type: 'access_log' }>, cases: readonly CaseView[], role: string): Reply {
  if (role === 'worker') return { type: 'failed', failure: { code: 'not_allowed' } };
  const all = Array.from({ length: cases.length === 0 ? 0 : 90 }, (_, n): AccessEntryView & { staff: string } => {
    const who = STAFF[n % STAFF.length] ?? STAFF[0];
    const deed = DEEDS[n % DEEDS.length] ?? 'view';
    const view = deed.includes('unlock') ? undefined : cases[n % 7];
    return {
      name: who.name,
      profile: who.profile,
      staff: who.staff,
      at: NOW - n * HOUR_MS,
      deed,
      times: deed === 'view' ? 1 : (n % 3) + 1,
      case: view?.case ?? '',
      case_name: n % 7 === 3 ? '' : (view?.name ?? ''),
    };
  });
  const { of_case, staff, deed, from, to } = request;
  const found = all.filter(
    (one) => (!of_case || one.case === of_case) && (!staff || one.staff === staff) && (!deed || one.deed === deed) && one.at >= from && one.at < to,
  );
  const left = found.slice(request.before === null ? 0 : found.length - request.before);
  const before = left.length > PAGE ? left.length - PAGE : null;
  const entries = left.slice(0, PAGE).map(({ staff: _, ...entry }) => entry);
  return { type: 'access_log', log: { entries, before, unreadable: found.length === all.length ? 1 : 0 } };
}
