// One line about how far work has come. Owns which news comes first: what was refused, then what is
// only on this tablet, then that all is sent.

import type { Status } from '../../generated';
import { clock, t } from '../../i18n';
import type { IconName } from '../parts/Icon.svelte';

export interface StatusLine {
  icon: IconName;
  tone: 'good' | 'warn' | 'bad' | 'soft';
  main: string;
  rest: string[];
}

export function statusLine(status: Status | null, portal = false): StatusLine {
  if (status === null) return { icon: 'sync', tone: 'soft', main: t.loading, rest: [] };
  const { connection, unsent, held } = status;
  const rest = details(status, portal);
  if (held > 0) {
    if (unsent > 0) rest.unshift(t.status_only_here(unsent));
    return { icon: 'held', tone: 'bad', main: t.status_held(held), rest };
  }
  if (connection.type === 'refused') {
    return { icon: 'held', tone: 'bad', main: unsent > 0 ? t.status_only_here(unsent) : t.status_all_sent, rest };
  }
  if (unsent > 0) {
    return connection.type === 'offline'
      ? { icon: 'tablet', tone: 'warn', main: t.status_only_here(unsent), rest }
      : { icon: 'sync', tone: 'warn', main: t.status_sending(unsent), rest };
  }
  return connection.type === 'offline'
    ? { icon: 'cloud_off', tone: 'soft', main: t.status_all_sent, rest }
    : { icon: 'sent', tone: 'good', main: t.status_all_sent, rest };
}

function details({ connection, unsent, complete_at, conflicts, folding, withheld }: Status, portal: boolean): string[] {
  const parts: string[] = [];
  if (connection.type === 'offline') parts.push(portal ? t.status_portal : t.status_offline);
  if (connection.type === 'syncing' && unsent === 0) parts.push(t.status_syncing);
  if (connection.type === 'refused') parts.push(t.status_refused);
  // On the way everything is incomplete for a moment.
  if (withheld > 0 && connection.type === 'level') parts.push(t.status_withheld);
  if (conflicts > 0) parts.push(t.status_settle(conflicts));
  parts.push(complete_at === null ? t.status_never : t.status_level_at(clock(complete_at)));
  if (folding > 0) parts.push(t.status_folding(folding));
  return parts;
}
