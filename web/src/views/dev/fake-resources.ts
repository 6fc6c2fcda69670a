// The made-up agency's directory of services. Never part of the app.

import type { FindQuery, Reply, Request, ResourceAbout, ResourcesAnswer, ServiceRow, ServiceView } from '../../generated';
import { DAY_MS, NOW } from './fake-ids';

const ABOUT: ResourceAbout = { title: 'Riverside helping hands', source: 'Riverside 211', licence: 'CC BY-SA 4.0', date: '2026-10-01' };

function service(n: number, name: string, organization: string, needs: string[], city: string, more: Partial<ServiceView> = {}): ServiceView {
  return {
    service: `svc/${n}`,
    name,
    organization,
    needs,
    texts: [
      ['description', `${name}: help for people in ${city} and around. Nobody is sent away.`],
      ['eligibility', 'Anybody who lives in the county'],
      ['apply', 'Walk in, or call first.'],
      ['documents', 'An ID if there is one'],
      ['url', 'https://help.example/services'],
      ['checked', '2026-09-12'],
    ],
    languages: n % 2 === 0 ? ['Spanish', 'English'] : ['English'],
    topics: needs,
    ages: [0, 0],
    phones: [['555 010-0' + String(100 + n), '', 'Front desk']],
    places: [{ name: `${organization}, ${city}`, address: `${n} Main Street, ${city}, CA, 9406${n}`, access: 'Ramp at the side door. Bus 12.' }],
    hours: [{ days: 0b0011111, from: 540, to: 1020, until: 0 }],
    remarks: [],
    about: ABOUT,
    ...more,
  };
}

const SERVICES: ServiceView[] = [
  service(1, 'Harbor Food Pantry', 'Harbor House', ['food'], 'Alder', {
    remarks: [
      { kind: 'verified', text: '', author: 'Dana Ito', at: NOW - 3 * DAY_MS },
      { kind: 'outdated', text: 'The side door is closed on Fridays now.', author: 'Lee Okafor', at: NOW - 30 * DAY_MS },
    ],
  }),
  service(2, 'Night Shelter for Women and Children', 'City of Alder', ['housing', 'violence'], 'Alder'),
  service(3, 'Job Training and Placement for People Coming Home', 'Second Chance Works', ['employment', 'incarceration'], 'Birch', { ages: [18, 0] }),
  service(4, 'Legal Aid Clinic', 'County Bar', ['legal'], 'Birch', { remarks: [{ kind: 'trouble', text: 'Nobody picked up for two weeks.', author: 'Sam Rivera', at: NOW - DAY_MS }] }),
];

export class FakeResources {
  readonly #role: string;
  #loaded: ResourceAbout | undefined;

  constructor(params: URLSearchParams) {
    this.#role = params.get('role') ?? '';
    this.#loaded = params.has('no-services') ? undefined : ABOUT;
  }

  #found(query: FindQuery): ResourcesAnswer {
    const words = query.words.toLowerCase();
    const fits = SERVICES.filter((one) => (query.needs.length === 0 || one.needs.some((need) => query.needs.includes(need))) && `${one.name} ${one.organization}`.toLowerCase().includes(words));
    const rows = fits.map(
      (one, n): ServiceRow => ({
        service: one.service,
        name: one.name,
        organization: one.organization,
        needs: one.needs,
        city: one.places[0]?.address.split(', ')[1] ?? '',
        phone: one.phones[0]?.[0] ?? '',
        languages: one.languages,
        metres: query.near === '' ? null : 900 + n * 4_300,
        open: query.open ? true : null,
        remark: one.remarks[0]?.kind ?? '',
      }),
    );
    const found = { rows, total: rows.length, of: this.#loaded ? 1_204 : 0, hours_unknown: query.open ? 2 : 0, place_unknown: 0, near: query.near, near_unknown: query.near === 'Atlantis', instead: [] };
    return { type: 'found', found };
  }

  answer({ ask }: Extract<Request, { type: 'resources' }>): Reply {
    const say = (answer: ResourcesAnswer): Reply => ({ type: 'resources', answer });
    switch (ask.type) {
      case 'overview':
        return say({
          type: 'overview',
          standing: this.#loaded ? { about: this.#loaded, services: 1_204, written: { author: 'Dana Ito', at: NOW - 5 * DAY_MS } } : null,
          missing: 0,
          ignored: [],
          may_change: this.#role === 'admin',
        });
      case 'find':
        return say(this.#found(ask.query));
      case 'look': {
        const found = SERVICES.find((one) => one.service === ask.service);
        return found ? say({ type: 'service', service: found }) : { type: 'failed', failure: { code: 'not_found' } };
      }
      case 'preview':
        return say({
          type: 'preview',
          preview: {
            services: 1_204,
            organizations: 310,
            placed: 1_150,
            timed: 800,
            inactive: 12,
            cut: 3,
            needs: [['food', 120], ['housing', 84], ['legal', 30]],
            needless: 41,
            refused: [
              { file: 'services.csv', line: 41, why: 'no_name', detail: '2811' },
              { file: 'locations.csv', line: 7, why: 'no_such_place', detail: '100, 101' },
            ],
            refused_count: 2,
            sample: SERVICES.map((one) => one.name),
            bytes: 210_000,
          },
        });
      case 'load':
        if (ask.about.title.trim() === '') return { type: 'failed', failure: { code: 'empty', field: 'title' } };
        this.#loaded = ask.about;
        return { type: 'done' };
      case 'remove':
        this.#loaded = undefined;
        return { type: 'done' };
      case 'remark': {
        const found = SERVICES.find((one) => one.service === ask.service);
        if (ask.text.trim() === '' && (ask.kind === 'outdated' || ask.kind === 'trouble')) return { type: 'failed', failure: { code: 'empty', field: 'text' } };
        found?.remarks.unshift({ kind: ask.kind, text: ask.text, author: 'Sam Rivera', at: Date.now() });
        return { type: 'done' };
      }
    }
  }
}
