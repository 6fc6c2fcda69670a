// What a hand-over means to whoever reads it, in sentences.

import type { HandOverView } from '../../generated';
import { t } from '../../i18n';

/** What has happened. */
export function meaningOf(one: HandOverView): string {
  const from = one.from || t.unnamed;
  const to = one.to || t.unnamed;
  switch (one.state) {
    case 'offered':
      return one.to_me ? t.handing_offered_me(from) : one.from_me ? t.handing_offered_mine(to) : t.handing_offered(from, to);
    case 'accepted':
      return one.to_me ? t.handing_accepted_me(from) : one.from_me ? t.handing_accepted_mine(to) : t.handing_accepted(from, to);
    case 'declined':
      return one.to_me ? t.handing_declined_me : t.handing_declined(to);
    case 'cancelled':
      return t.handing_cancelled(from, to);
    case 'completed':
      return t.handing_completed(from, to);
  }
}

/** What it waits for, where that is not mine to do. */
export function nextOf(one: HandOverView): string {
  const to = one.to || t.unnamed;
  if (one.waits_for_entry) return t.handing_no_entry(to);
  if (one.state === 'offered') return one.to_me ? '' : t.handing_no_answer(to);
  if (one.state !== 'accepted' || one.may.includes('finish')) return '';
  if (one.from_stays) return t.handing_to_pass_on;
  return one.from_me ? t.handing_to_finish_mine : t.handing_to_finish(one.from || t.unnamed);
}

/** It still goes on. */
export function isOpen(one: HandOverView): boolean {
  return one.state === 'offered' || one.state === 'accepted';
}

/** It goes on, or I asked last and was declined: what belongs on the case's first page. */
export function matters(all: readonly HandOverView[]): HandOverView[] {
  return all.filter((one, n) => isOpen(one) || (n === 0 && one.from_me && one.state === 'declined'));
}
