// The made-up agency's policy document: a few rules with versions. Never part of the app.

import type { PolicyView, Reply, Request, Term } from '../../generated';
import { DAY_MS, NOW } from './fake-ids';

const term = (count: number, counts: Term['counts'], from: Term['from'], source: string, more: Partial<Term> = {}): Term => ({ count, counts, from, source, mail_days: 0, rolls: false, ...more });
const shipped = (key: string, one: Term, max = 400): PolicyView['terms'][number] => ({ key, min: 1, max, ignored: [], versions: [{ since: '', term: one, written: null, holds: true, earlier: [] }] });

export function termsOf(): Pick<PolicyView, 'terms' | 'holidays' | 'zone' | 'zone_written' | 'zones'> {
  const hearing = shipped('appeal.medicaid.1.file', term(90, 'days', 'mailing', '42 CFR 431.221(d)'));
  const dana = { author: 'Dana Ito', at: NOW - 3 * DAY_MS };
  hearing.versions = [
    { since: '2026-07-01', term: term(120, 'days', 'mailing', 'State plan, 2026'), written: dana, holds: true, earlier: [{ term: term(100, 'days', 'mailing', 'State plan, draft'), written: dana }] },
    ...hearing.versions.map((version) => ({ ...version, holds: false })),
  ];
  hearing.ignored = [{ author: 'Lee Okafor', at: NOW - DAY_MS }];
  return {
    terms: [
      shipped('contact.acuity.1', term(7, 'days', 'contact', '[K] Agency policy')),
      shipped('contact.child_welfare', term(1, 'month_ends', 'contact', '42 U.S.C. 622(b)(17)')),
      shipped('note.crisis', term(24, 'hours', 'contact', '[K] Agency policy')),
      hearing,
      shipped('appeal.medicaid.aid', term(10, 'days', 'mailing', '42 CFR 431.230(a)')),
      shipped('appeal.ssa.1.file', term(60, 'days', 'receipt', '20 CFR 404.909', { mail_days: 5, rolls: true })),
      shipped('release.housing', term(60, 'days', 'before_release', '[K] APIC: coordinate')),
    ],
    holidays: [{ since: '', lines: "01-01 New Year's Day\n11-4-thu Thanksgiving Day\n12-25 Christmas Day", source: '5 U.S.C. 6103', written: null, holds: true }],
    zone: 'eastern',
    zone_written: null,
    zones: ['eastern', 'central', 'pacific'],
  };
}

export function setTerms(view: PolicyView, { ask }: Extract<Request, { type: 'set_terms' }>): Reply {
  const written = { author: 'Sam Rivera', at: Date.now() };
  if (ask.type === 'zone') Object.assign(view, { zone: ask.zone, zone_written: written });
  if (ask.type === 'put') {
    const rule = view.terms.find((one) => one.key === ask.key);
    if (rule === undefined) return { type: 'failed', failure: { code: 'unknown_field', field: ask.key } };
    if (ask.term.count < rule.min || ask.term.count > rule.max) {
      return { type: 'failed', failure: { code: 'bad_value', field: 'count', expected: `${rule.min} to ${rule.max}` } };
    }
    for (const version of rule.versions) version.holds = false;
    rule.versions.unshift({ since: ask.since, term: ask.term, written, holds: true, earlier: [] });
  }
  if (ask.type === 'drop') {
    for (const rule of view.terms.filter((one) => one.key === ask.key)) {
      for (const version of rule.versions) if (version.since === ask.since) Object.assign(version, { term: null, holds: false, written });
    }
  }
  return { type: 'done' };
}
