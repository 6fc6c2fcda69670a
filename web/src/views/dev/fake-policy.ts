// The made-up agency's rules. Never part of the app.

import type { PolicyView, Reply, Request } from '../../generated';
import { DAY_MS, NOW } from './fake-ids';
import { setTerms, termsOf } from './fake-terms';

export class FakePolicy {
  readonly #view: PolicyView;

  constructor(params: URLSearchParams) {
    const dana = (days: number) => ({ author: 'Dana Ito', at: NOW - days * DAY_MS });
    this.#view = {
      ...termsOf(),
      may_change: params.get('role') === 'admin',
      rules: [
        {
          key: 'auto_lock_minutes',
          value: 10,
          default: 5,
          min: 2,
          max: 30,
          may_be_off: false,
          unit: 'minutes',
          source: '45 CFR 164.312(a)(2)(iii); CJIS Security Policy, AC-11',
          written: dana(3),
          earlier: [{ value: 30, written: dana(40) }],
          ignored: [{ author: 'Lee Okafor', at: NOW - DAY_MS }],
        },
        {
          key: 'out_of_touch_days',
          value: 0,
          default: 0,
          min: 1,
          max: 90,
          may_be_off: true,
          unit: 'days',
          source: '',
          written: null,
          earlier: [],
          ignored: [],
        },
      ],
    };
  }

  answer(request: Extract<Request, { type: 'policy' | 'set_policy' | 'set_terms' }>): Reply {
    if (request.type === 'set_terms') return setTerms(this.#view, request);
    if (request.type === 'policy') return { type: 'policy', policy: this.#view };
    for (const [key, text] of request.rules) {
      const rule = this.#view.rules.find((one) => one.key === key);
      if (rule === undefined) return { type: 'failed', failure: { code: 'unknown_field', field: key } };
      const value = Number(text);
      const least = rule.may_be_off ? 0 : rule.min;
      if (!/^\d+$/.test(text) || value < least || value > rule.max) {
        return { type: 'failed', failure: { code: 'bad_value', field: key, expected: `${least} to ${rule.max}` } };
      }
      Object.assign(rule, { value, written: { author: 'Sam Rivera', at: Date.now() } });
    }
    return { type: 'done' };
  }
}
