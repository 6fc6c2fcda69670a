// A client without an engine: answers from memory what the screens ask, to look at them and to check
// their accessibility. Never part of the app. The address chooses: ?phase=locked&status=offline

import { readable, writable, type Readable } from 'svelte/store';
import type { Client, Phase, ProfileEntry } from '../../client';
import type { CaseRow, CaseView, Me, Reply, Request, Status } from '../../generated';
import { caseOf, DAY_MS, HOUR_MS, KEYS, NOW } from './fake-data';

const ME: Me = { profile: 'p1', name: 'Sam Rivera', agency: 'Riverside Case Services', role: 'supervisor' };
const PROFILES: ProfileEntry[] = [
  { slot: 's1', name: 'Sam Rivera', agency: ME.agency },
  { slot: 's2', name: 'Dana Ito', agency: ME.agency },
];
const STATUSES: Record<string, Partial<Status>> = {
  level: {},
  offline: { connection: { type: 'offline' }, unsent: 3, conflicts: 3 },
  sending: { connection: { type: 'syncing' }, unsent: 12 },
  refused: { connection: { type: 'refused', refusal: 'version' }, unsent: 1 },
  held: { held: 1, unsent: 2, connection: { type: 'offline' } },
  never: { complete_at: null, connection: { type: 'offline' } },
};
const LINK = `https://satchel.example/#join=${'AbC9'.repeat(110)}`;

export class FakeClient implements Client {
  #phase = writable<Phase>({ type: 'starting' });
  #listeners = new Set<(cases: string[]) => void>();
  #cases: CaseView[];
  readonly phase: Readable<Phase> = this.#phase;
  readonly status: Readable<Status | null>;

  constructor(params: URLSearchParams) {
    this.#cases = Array.from({ length: Number(params.get('cases') ?? 350) }, (_, n) => caseOf(n));
    this.status = readable<Status>({
      connection: { type: 'level' },
      unsent: 0,
      held: 0,
      complete_at: NOW - 60_000,
      conflicts: 0,
      folding: 0,
      ...STATUSES[params.get('status') ?? 'level'],
    });
    const role = params.get('role');
    const me: Me = role === 'auditor' || role === 'worker' ? { ...ME, role } : ME;
    const type = params.get('phase') ?? 'unlocked';
    this.#phase.set(
      type === 'pick'
        ? { type, profiles: PROFILES }
        : type === 'first'
          ? { type: 'pick', profiles: [] }
          : type === 'unlocked'
            ? { type, me }
            : type === 'failed'
              ? { type, reason: 'storage_full' }
              : type === 'locked' || type === 'empty' || type === 'elsewhere'
                ? { type }
                : { type: 'starting' },
    );
  }

  async request(request: Request): Promise<Reply> {
    await new Promise((resolve) => setTimeout(resolve, 15));
    return structuredClone(this.#answer(request));
  }
  onChanged(listener: (cases: string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  async openProfile(slot: string): Promise<void> {
    this.#phase.set(slot === 'new' ? { type: 'empty' } : { type: 'locked' });
  }
  async profiles(): Promise<ProfileEntry[]> {
    return PROFILES;
  }
  async takeOver(): Promise<void> {
    this.#phase.set({ type: 'locked' });
  }
  async lock(): Promise<void> {
    this.#phase.set({ type: 'locked' });
  }
  async persisted(): Promise<boolean | null> {
    return false;
  }
  seen(): void {
    // Nothing locks by itself here.
  }

  #find(id: string): CaseView | undefined {
    return this.#cases.find((one) => one.case === id);
  }
  #changed(id: string): Reply {
    setTimeout(() => this.#listeners.forEach((listener) => listener([id])), 5);
    return { type: 'done' };
  }
  #row(view: CaseView, excerpt: string | null): CaseRow {
    return {
      case: view.case,
      name: view.name,
      number: view.fields.find((field) => field.key === 'number')?.value ?? '',
      notes: view.notes.length,
      last_note_at: view.notes[0]?.at ?? null,
      conflicts: view.fields.filter((field) => field.sides.length > 1).length,
      unsent: view.notes.filter((note) => note.stage === 'here').length,
      draft: view.draft !== '',
      excerpt,
    };
  }
  #unlocked(): Reply {
    this.#phase.set({ type: 'unlocked', me: ME });
    return { type: 'unlocked', me: ME };
  }

  #answer(request: Request): Reply {
    switch (request.type) {
      case 'found':
      case 'join':
        return request.link.includes('=') ? this.#unlocked() : { type: 'failed', failure: { code: 'bad_link' } };
      case 'unlock':
        return request.passphrase === 'wrong' ? { type: 'failed', failure: { code: 'wrong_passphrase' } } : this.#unlocked();
      case 'lock':
        return { type: 'done' };
      case 'work': {
        let status: Status | null = null;
        this.status.subscribe((now) => (status = now))();
        if (status === null) return { type: 'failed', failure: { code: 'not_ready' } };
        const cases = this.#cases.slice(0, 9).flatMap((view) => {
          const [latest] = view.notes;
          if (!latest || latest.stage === 'received') return [];
          return [
            {
              case: view.case,
              name: view.name,
              mine: view.notes.length,
              unsent: latest.stage === 'here' ? 2 : 0,
              stage: latest.stage,
              seen_by: latest.seen_by,
              refusal: latest.stage === 'held' ? 'unauthorised' : null,
              at: latest.at,
            },
          ];
        });
        return { type: 'work', work: { status, cases } };
      }
      case 'caseload': {
        const words = request.search.toLowerCase();
        const rows = this.#cases.flatMap((view) => {
          if (words === '' || view.fields.some((field) => field.value.toLowerCase().includes(words))) return [this.#row(view, null)];
          const note = view.notes.find((one) => one.text.toLowerCase().includes(words));
          if (!note) return [];
          const from = Math.max(0, note.text.toLowerCase().indexOf(words) - 30);
          return [this.#row(view, `… ${note.text.slice(from, from + 80)} …`)];
        });
        rows.sort((a, b) => Number(b.conflicts > 0) - Number(a.conflicts > 0) || a.name.localeCompare(b.name));
        return { type: 'caseload', rows, total: this.#cases.length };
      }
      case 'case': {
        const view = this.#find(request.case);
        return view ? { type: 'case', case: view } : { type: 'failed', failure: { code: 'not_found' } };
      }
      case 'new_case': {
        const view = caseOf(this.#cases.length + 4);
        view.fields = KEYS.map((key) => ({ key, value: '', author: '', at: null, sides: [] }));
        for (const [key, value] of request.fields) {
          const field = view.fields.find((one) => one.key === key);
          if (field) Object.assign(field, { value, author: ME.name, at: Date.now() });
        }
        view.name = request.fields.map(([, value]) => value).join(' ');
        view.notes = [];
        this.#cases.push(view);
        this.#changed(view.case);
        return { type: 'created', case: view.case };
      }
      case 'set_field': {
        const field = this.#find(request.case)?.fields.find((one) => one.key === request.key);
        if (!field) return { type: 'failed', failure: { code: 'not_found' } };
        if (request.value.length > 4096) return { type: 'failed', failure: { code: 'too_long', field: request.key, max: 4096 } };
        Object.assign(field, { value: request.value, author: ME.name, at: Date.now(), sides: [] });
        return this.#changed(request.case);
      }
      case 'choose': {
        const field = this.#find(request.case)?.fields.find((one) => one.key === request.key);
        const side = field?.sides.find((one) => one.id === request.side);
        if (!field || !side) return { type: 'failed', failure: { code: 'not_found' } };
        Object.assign(field, { value: side.value, author: ME.name, at: Date.now(), sides: [] });
        return this.#changed(request.case);
      }
      case 'add_note': {
        const view = this.#find(request.case);
        if (!view) return { type: 'failed', failure: { code: 'not_found' } };
        view.draft = '';
        view.notes.unshift({
          id: `new-${view.notes.length}`,
          text: request.text,
          author: ME.name,
          at: Date.now(),
          imported: false,
          stage: 'here',
          seen_by: [],
        });
        return this.#changed(request.case);
      }
      case 'save_draft': {
        const view = this.#find(request.case);
        if (view) view.draft = request.text;
        return this.#changed(request.case);
      }
      case 'preview_import':
        return {
          type: 'import_preview',
          preview: {
            rows: 330,
            cases: 330,
            columns: [
              ['person_oid', 'number'],
              ['first_name', 'name.given'],
              ['last_name', 'name.family'],
              ['gender', 'gender'],
              ['age', 'age'],
              ['complexity_level', 'extra.complexity_level'],
              ['case_note', 'note'],
            ],
            sample: this.#cases.slice(0, 5).map((view, n) => [
              `CN-00${n}`,
              'Christopher',
              'Williams',
              'Male',
              '26',
              '3',
              view.notes[0]?.text ?? 'Crisis: eviction notice. Housing coordinator involved. Daily follow-up this week.',
            ]),
            known_numbers: ['CN-001', 'CN-002'],
            maybe_cut: true,
          },
        };
      case 'import':
        return { type: 'imported', cases: 330, notes: 330 };
      case 'staff':
        return {
          type: 'staff',
          agency: ME.agency,
          staff: [
            { profile: 'p1', name: ME.name, role: 'supervisor', me: true },
            { profile: 'p2', name: 'Dana Ito', role: 'worker', me: false },
            { profile: 'p3', name: 'Lee Okafor', role: 'worker', me: false },
          ],
          invites: [
            { name: 'Noor Haddad', role: 'auditor', void: false, expires_at: NOW + 2 * DAY_MS },
            { name: 'Pat Quinn', role: 'worker', void: true, expires_at: NOW + DAY_MS },
            { name: 'Chris Lund', role: 'worker', void: false, expires_at: NOW - HOUR_MS },
          ],
          may_invite: ['worker', 'supervisor', 'auditor'],
        };
      case 'invite':
        return { type: 'invited', link: LINK, expires_at: NOW + 3 * DAY_MS };
      case 'share': {
        const view = this.#find(request.case);
        const one = view?.may_add.find((each) => each.profile === request.profile);
        if (!view || !one) return { type: 'failed', failure: { code: 'not_found' } };
        view.may_add = view.may_add.filter((each) => each !== one);
        view.team.push(one);
        return this.#changed(request.case);
      }
    }
  }
}
