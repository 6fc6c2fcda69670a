// A client without an engine: answers from memory what the screens ask, to look at them and to check
// their accessibility. Never part of the app. The address chooses: ?phase=locked&status=offline

import { readable, writable, type Readable } from 'svelte/store';
import type { Client, Phase, ProfileEntry } from '../../client';
import type { CaseRow, CaseView, DraftView, Form, Me, NoteView, Reply, Request, Status } from '../../generated';
import { kitView } from './fake-kit';
import { calendarAnswer, reviewAnswer } from './fake-answers';
import { FakeAssessments } from './fake-assessments';
import { careAnswer } from './fake-care';
import { caseOf, DAY_MS, HOUR_MS, idOf, KEYS, NOW } from './fake-data';
import { dayAnswer, visitAnswer } from './fake-day';
import { bundleAnswer } from './fake-exchange';
import { logAnswer } from './fake-log';
import { handedOn, handOver } from './fake-handing';
import { FakeMedicines } from './fake-medicines';
import { FakePolicy } from './fake-policy';
import { FakeResources } from './fake-resources';
import { historyOf, newNote, OTHER_WORDS, putRecord, sign, STAFF, takeSide, WORDS } from './fake-records';
import { makeBusy } from './fake-review';

const ME: Me = { profile: 'b1', staff: STAFF[0].staff, name: 'Sam Rivera', agency: 'Riverside Case Services', role: 'supervisor', auto_lock_minutes: 5, standing: 'confirmed', words: null, kit: 'elsewhere', restoring: null };
const PROFILES: ProfileEntry[] = [
  { slot: 's1', name: 'Sam Rivera', agency: ME.agency, addedAt: NOW - 90 * DAY_MS, open: true },
  { slot: 's2', name: 'Dana Ito', agency: ME.agency, addedAt: NOW - 9 * DAY_MS, open: false },
  { slot: 's3', name: '', agency: '', addedAt: NOW - HOUR_MS, open: false },
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

const textOf = (note: NoteView): string => note.sections.map(([, text]) => text).join(' ');

export class FakeClient implements Client {
  #phase = writable<Phase>({ type: 'starting' });
  #listeners = new Set<(cases: string[]) => void>();
  #cases: CaseView[];
  /** Cases as they were before each deed that can be taken back. */
  #before: CaseView[] = [];
  #medicines: FakeMedicines;
  #policy: FakePolicy;
  #resources: FakeResources;
  #role: string;
  #assessments = new FakeAssessments();
  #drafts: DraftView[] = [{ form: { name: 'note', case: idOf(2), about: '' }, text: 'Called twice, nobody picked up. Left a message with the neighbour about' }];
  #keep: () => Promise<void> = () => Promise.resolve();
  readonly phase: Readable<Phase> = this.#phase;
  readonly status: Readable<Status | null>;
  readonly portal: Readable<boolean>;
  readonly pause: Readable<number>;
  readonly locksAt: Readable<number>;

  constructor(params: URLSearchParams) {
    this.#cases = Array.from({ length: Number(params.get('cases') ?? 350) }, (_, n) => caseOf(n));
    this.#medicines = new FakeMedicines(params);
    this.#policy = new FakePolicy(params);
    this.#resources = new FakeResources(params);
    if (params.has('busy')) makeBusy(this.#cases);
    this.status = readable<Status>({
      connection: { type: 'level' },
      unsent: 0,
      held: 0,
      complete_at: NOW - 60_000,
      conflicts: 0,
      folding: 0,
      withheld: 0,
      ...STATUSES[params.get('status') ?? 'level'],
    });
    this.portal = readable(params.has('portal'));
    this.pause = readable(performance.now() + Number(params.get('pause') ?? 0) * 1_000);
    this.locksAt = readable(performance.now() + Number(params.get('locks') ?? 0) * 1_000);
    const role = params.get('role');
    this.#role = role ?? ME.role;
    const standing = params.get('standing');
    const stands: Partial<Me> = standing === 'void' || standing === 'unconfirmed' ? { standing, words: WORDS } : {};
    const kit = params.get('kit');
    if (kit === 'due' || kit === 'checked') stands.kit = kit;
    const restoring = params.get('restoring');
    if (restoring === 'fetching' || restoring === 'closed') stands.restoring = restoring;
    const me: Me = role === 'auditor' || role === 'worker' || role === 'admin' ? { ...ME, ...stands, role } : { ...ME, ...stands };
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
              : type === 'locked' || type === 'empty' || type === 'elsewhere' || type === 'dismissed'
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
  beforeLock(keep: () => Promise<void>): void {
    this.#keep = keep;
  }
  async lock(): Promise<void> {
    await this.#keep();
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
  #keepDraft(form: Form, text: string): void {
    this.#drafts = this.#drafts.filter((one) => JSON.stringify(one.form) !== JSON.stringify(form));
    if (text !== '') this.#drafts.push({ form, text });
  }
  #changed(id: string): Reply {
    setTimeout(() => this.#listeners.forEach((listener) => listener([id])), 5);
    return { type: 'done' };
  }
  /** Answers `saved`; `before` is the case as it was. */
  #saved(before: CaseView, id: string): Reply {
    this.#before.push(before);
    this.#changed(before.case);
    return { type: 'saved', id, undo: this.#before.length - 1 };
  }
  #row(view: CaseView, excerpt: string | null): CaseRow {
    const value = (kind: string, key: string): string[] =>
      view.records.filter((one) => one.kind === kind).flatMap((one) => one.fields.find((field) => field.key === key)?.value ?? []);
    return {
      case: view.case,
      name: view.name,
      number: view.fields.find((field) => field.key === 'number')?.value ?? '',
      notes: view.notes.length,
      last_note_at: view.notes[0]?.at ?? null,
      conflicts: view.findings.length,
      severity: view.findings[0]?.severity ?? null,
      state: value('case', 'state')[0] ?? '',
      acuity: value('case', 'acuity')[0] ?? '',
      flags: value('flag', 'kind'),
      next_at: value('appointment', 'start').map(Number).filter((at) => at > NOW).toSorted()[0] ?? null,
      due: value('task', 'due')[0] ?? null,
      unsent: view.notes.filter((note) => note.stage === 'here').length,
      draft: this.#drafts.some(({ form }) => form.case === view.case),
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
      case 'restore':
        return request.root === '' ? { type: 'failed', failure: { code: 'bad_sheet', sheet: 'root' } } : this.#unlocked();
      case 'unlock':
        if (request.passphrase === 'long away') return { type: 'failed', failure: { code: 'out_of_touch', since: NOW - 20 * DAY_MS } };
        return request.passphrase === 'wrong' ? { type: 'failed', failure: { code: 'wrong_passphrase' } } : this.#unlocked();
      case 'change_passphrase':
        return request.old === 'wrong' ? { type: 'failed', failure: { code: 'wrong_passphrase' } } : { type: 'done' };
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
        const restored = { at: Date.now() - 3_600_000, handed: 214, by: ['Ana Torres', 'Ben Okafor'], pending: 0 };
        return { type: 'work', work: { status, cases, restored } };
      }
      case 'caseload': {
        const words = request.search.toLowerCase();
        const rows = this.#cases.flatMap((view) => {
          if (words === '' || view.fields.some((field) => field.value.toLowerCase().includes(words))) return [this.#row(view, null)];
          const note = view.notes.find((one) => textOf(one).toLowerCase().includes(words));
          if (!note) return [];
          const from = Math.max(0, textOf(note).toLowerCase().indexOf(words) - 30);
          return [this.#row(view, `… ${textOf(note).slice(from, from + 80)} …`)];
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
        Object.assign(view, { notes: [], records: [], findings: [], newer: false });
        this.#cases.push(view);
        this.#changed(view.case);
        return { type: 'created', case: view.case };
      }
      case 'new_compartment':
        return this.#find(request.case) ? { type: 'created', case: request.case } : { type: 'failed', failure: { code: 'not_found' } };
      case 'set_field': {
        const field = this.#find(request.case)?.fields.find((one) => one.key === request.key);
        if (!field) return { type: 'failed', failure: { code: 'not_found' } };
        if (request.value.length > 4096) return { type: 'failed', failure: { code: 'too_long', field: request.key, max: 4096 } };
        Object.assign(field, { value: request.value, author: ME.name, at: Date.now(), sides: [] });
        return this.#changed(request.case);
      }
      case 'put_record': {
        const view = this.#find(request.case);
        if (!view) return { type: 'failed', failure: { code: 'not_found' } };
        const before = structuredClone(view);
        const done = putRecord(view, request.kind, request.id, request.values, Date.now());
        return 'failure' in done ? { type: 'failed', failure: done.failure } : this.#saved(before, done.id);
      }
      case 'history': {
        const view = this.#find(request.case);
        const record = view?.records.find((one) => one.kind === request.kind && one.id === request.id);
        const fields = request.kind === 'person' ? view?.fields : record?.fields;
        return { type: 'history', values: historyOf(fields?.find((one) => one.key === request.key)) };
      }
      case 'undo': {
        const before = this.#before[request.token];
        if (!before) return { type: 'failed', failure: { code: 'not_found' } };
        this.#cases = this.#cases.map((one) => (one.case === before.case ? before : one));
        return this.#changed(before.case);
      }
      case 'settle': {
        const view = this.#find(request.case);
        const finding = view?.findings.find((one) => one.id === request.finding);
        if (!view || !finding) return { type: 'failed', failure: { code: 'not_found' } };
        if (finding.reason_needed && !request.reason) return { type: 'failed', failure: { code: 'empty', field: 'reason' } };
        const before = structuredClone(view);
        takeSide(view, finding, request.choice);
        finding.settled = { choice: request.choice, reason: request.reason, author: ME.name, at: Date.now() };
        return this.#saved(before, finding.id);
      }
      case 'review':
        return reviewAnswer(this.#cases);
      case 'calendar':
        return calendarAnswer(this.#cases, request.from, request.to);
      case 'add_note': {
        const view = this.#find(request.case);
        if (!view) return { type: 'failed', failure: { code: 'not_found' } };
        const before = structuredClone(view);
        const note = newNote(view, request.note, Date.now());
        this.#keepDraft({ name: 'note', case: view.case, about: '' }, '');
        view.notes.unshift(note);
        return this.#saved(before, note.id);
      }
      case 'edit_note':
      case 'sign_note':
      case 'strike_note': {
        const view = this.#find(request.case);
        const note = view?.notes.find((one) => one.id === request.note);
        if (!view || !note) return { type: 'failed', failure: { code: 'not_found' } };
        const before = structuredClone(view);
        if (request.type === 'edit_note') note.sections = request.sections;
        else if (request.type === 'sign_note') sign(note, false, Date.now());
        else if (request.reason === '') return { type: 'failed', failure: { code: 'empty', field: 'reason' } };
        else Object.assign(note, { struck: { value: request.reason, author: ME.name, at: Date.now() }, may_strike: false });
        return this.#saved(before, note.id);
      }
      case 'resources':
        return this.#resources.answer(request);
      case 'visit': {
        const view = this.#find(request.case);
        if (request.ask.type === 'save') this.#keepDraft({ name: 'visit', case: request.case, about: request.ask.id }, '');
        return visitAnswer(view, request.ask, () => void this.#changed(request.case));
      }
      case 'day':
        return dayAnswer(this.#cases, request.ask, this.#role !== 'worker');
      case 'drafts':
        return { type: 'drafts', drafts: this.#drafts };
      case 'save_draft':
        this.#keepDraft(request.form, request.text);
        return this.#changed(request.form.case);
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
              view.notes[0]?.sections[0]?.[1] ?? 'Crisis: eviction notice. Housing coordinator involved. Daily follow-up this week.',
            ]),
            known_numbers: ['CN-001', 'CN-002'],
            maybe_cut: true,
          },
        };
      case 'import':
        return { type: 'imported', cases: 330, notes: 330 };
      case 'medicine_table':
      case 'preview_medicines':
        return this.#medicines.answer(request);
      case 'set_medicines':
      case 'remove_medicines':
        this.#changed('');
        return this.#medicines.answer(request);
      case 'access_log':
        return logAnswer(request, this.#cases, this.#role);
      case 'bundle':
        return bundleAnswer(request.ask);
      case 'policy':
        return this.#policy.answer(request);
      case 'set_policy':
      case 'set_terms':
        this.#changed('');
        return this.#policy.answer(request);
      case 'forms':
        return this.#assessments.forms(request.ask);
      case 'care':
        return careAnswer(this.#find(request.case), request);
      case 'assess': {
        const reply = this.#assessments.assess(request.ask);
        if (!['list', 'open', 'export'].includes(request.ask.type)) this.#changed(request.case);
        return reply;
      }
      case 'staff':
        return {
          type: 'staff',
          agency: ME.agency,
          staff: [...STAFF],
          invites: [
            { key: 'i1', may_cancel: false, name: 'Noor Haddad', role: 'auditor', void: false, claims: [], expires_at: NOW + 2 * DAY_MS },
            { key: 'i2', may_cancel: true, name: 'Pat Quinn', role: 'worker', void: true, claims: [{ profile: 'p7', words: WORDS }, { profile: 'p8', words: OTHER_WORDS }], expires_at: NOW + DAY_MS },
            { key: 'i3', may_cancel: true, name: 'Chris Lund', role: 'worker', void: false, claims: [], expires_at: NOW - HOUR_MS },
          ],
          may_invite: ['worker', 'supervisor', 'auditor'],
        };
      case 'replace':
      case 'invite':
        return { type: 'invited', link: LINK, expires_at: NOW + 3 * DAY_MS };
      case 'share': {
        const view = this.#find(request.case);
        const one = view?.may_add.find((each) => each.profile === request.profile);
        if (!view || !one) return { type: 'failed', failure: { code: 'not_found' } };
        view.may_add = view.may_add.filter((each) => each !== one);
        view.team.push({ ...one, sharing: request.purpose ? { purpose: request.purpose, by: ME.name, at: NOW } : null });
        return this.#changed(request.case);
      }
      case 'take_out': {
        const view = this.#find(request.case);
        if (!view) return { type: 'failed', failure: { code: 'not_found' } };
        view.team = view.team.filter(({ profile }) => profile !== request.profile);
        return this.#changed(request.case);
      }
      case 'rule': {
        const view = this.#find(request.case);
        if (!view) return { type: 'failed', failure: { code: 'not_found' } };
        const late = view.late.find(({ profile }) => profile === request.profile);
        view.late = view.late.filter((one) => one !== late);
        if (late) view.rulings.unshift({ whose: late.name, changes: late.changes, stands: request.stands, reason: request.reason, by: ME.name, at: NOW });
        return this.#changed(request.case);
      }
      case 'hand_over':
      case 'answer_hand_over': {
        const view = this.#find(request.case);
        if (!view) return { type: 'failed', failure: { code: 'not_found' } };
        if (request.type === 'hand_over') view.hand_overs = handOver(view, request.to, request.reason);
        else view.hand_overs = handedOn(view.hand_overs, request);
        return this.#changed(request.case);
      }
      case 'kit':
        return request.passphrase === 'wrong' ? { type: 'failed', failure: { code: 'wrong_passphrase' } } : { type: 'kit', kit: kitView() };
      case 'check_kit':
        return request.words.some(([, word]) => word === '') ? { type: 'failed', failure: { code: 'bad_sheet', sheet: request.sheet } } : { type: 'done' };
      case 'drop_seeds':
      case 'confirm':
      case 'revoke':
        this.#changed('');
        return { type: 'done' };
    }
  }
}
