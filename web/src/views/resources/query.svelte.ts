// What a person looks for in the directory, kept while they look at a service and come back. Owns what is
// taken over from a case: its needs, language, age and place, all of which stay on this tablet.

import type { CaseView, FindQuery } from '../../generated';
import { NEED_CODES } from '../../i18n';
import { ofKind, isCurrent, text } from '../records/read';

export interface Wanted {
  words: string;
  needs: string[];
  language: string;
  near: string;
  km: number;
  open: boolean;
  age: string;
  eligibility: string;
}

const nothing = (): Wanted => ({ words: '', needs: [], language: '', near: '', km: 0, open: false, age: '', eligibility: '' });

/** By case; the empty one for nobody in particular. */
const kept = new Map<string, Wanted>();

const one = (view: CaseView, key: string): string => {
  const field = view.fields.find((field) => field.key === key);
  return field === undefined || field.sides.length > 1 ? '' : field.value;
};

/** What a case says of itself; of a confidential address nothing is taken. */
function of(view: CaseView): Wanted {
  const needs = ofKind(view.records, 'need').filter(isCurrent);
  const codes: readonly string[] = NEED_CODES;
  const client = ofKind(view.records, 'client').find(isCurrent);
  const addresses = ofKind(view.records, 'address').filter((record) => isCurrent(record) && text(record, 'confidential') === '');
  const hidden = ofKind(view.records, 'flag').some((flag) => isCurrent(flag) && text(flag, 'kind') === 'confidential_address');
  const home = addresses.find((record) => text(record, 'use') === 'home') ?? addresses[0];
  const speaks = one(view, 'language') || (client ? text(client, 'language') : '');
  return {
    ...nothing(),
    needs: [...new Set(needs.map((need) => text(need, 'category')).filter((code) => codes.includes(code)))],
    language: /^(english|inglés|ingles|en)$/i.test(speaks.trim()) ? '' : speaks.trim(),
    near: hidden ? '' : (home ? text(home, 'text') : one(view, 'address')).trim(),
    age: /^\d{1,3}$/.test(one(view, 'age').trim()) ? one(view, 'age').trim() : '',
  };
}

export function wantedFor(id: string, view: CaseView | undefined): Wanted {
  const known = kept.get(id);
  if (known) return known;
  const wanted = $state(view ? of(view) : nothing());
  kept.set(id, wanted);
  return wanted;
}

export function clear(wanted: Wanted): void {
  Object.assign(wanted, nothing());
}

/** A moment as the engine asks for it: 0 is Monday. */
function now(): NonNullable<FindQuery['open']> {
  const at = new Date();
  return {
    weekday: (at.getDay() + 6) % 7,
    minute: at.getHours() * 60 + at.getMinutes(),
    date: at.getFullYear() * 10_000 + (at.getMonth() + 1) * 100 + at.getDate(),
  };
}

export function queryOf(wanted: Wanted): FindQuery {
  const { words, needs, language, near, km, open, age, eligibility } = wanted;
  return { words, needs: [...needs], eligibility, language, near, metres_max: km * 1000, open: open ? now() : null, age: /^\d{1,3}$/.test(age) ? Number(age) : null };
}
