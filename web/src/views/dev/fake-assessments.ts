// The made-up agency's forms and assessments. Never part of the app.

import type { AssessAsk, AssessmentRow, AssessmentView, FormPreview, FormRow, FormsAsk, Given, ItemView, PageView, Reply, ScoreView } from '../../generated';
import { DAY_MS, NOW } from './fake-ids';

const LEVELS = ['Going well', 'Some trouble', 'A lot of trouble', 'Urgent'];

function item(key: string, sort: ItemView['sort'], text: string, more: Partial<ItemView> = {}): ItemView {
  return {
    key,
    sort,
    prefix: '',
    text,
    depth: 0,
    required: false,
    repeats: false,
    asked: sort !== 'group' && sort !== 'display' && sort !== 'add',
    options: [],
    chosen: [],
    typed: [],
    units: [],
    unit: 0,
    min: '',
    max: '',
    length_max: null,
    shown: '',
    detail: '',
    may_drop: false,
    sides: [],
    ...more,
  };
}

const level = (key: string, text: string): ItemView => item(key, 'choice', text, { required: true, options: LEVELS });

function pagesOf(): PageView[] {
  return [
    { title: 'How are things going?', items: [level('housing', 'Housing'), level('food', 'Food'), level('money', 'Money and benefits')] },
    {
      title: 'Household',
      items: [
        item('person@0', 'group', 'Somebody who lives there'),
        item('name@0', 'string', 'Name', { depth: 1 }),
        item('person', 'add', 'Somebody who lives there'),
        item('kids', 'boolean', 'Are there children?'),
        item('weight', 'quantity', 'Weight', { units: ['kg', 'lb'] }),
        item('reach', 'open_choice', 'How should we reach the person?', { repeats: true, options: ['Phone call', 'Text message', 'Letter'] }),
        item('next', 'date', 'Next visit'),
        item('photo', 'unsupported', 'Photo of the smoke alarm', { detail: 'attachment', asked: false }),
      ],
    },
    { title: 'In their own words', items: [item('wish', 'text', 'What should be different in three months?', { required: true }), item('sum', 'score', 'Sum of needs (0 to 9)', { asked: false })] },
  ];
}

function row(form: string, title: string, questions: number, more: Partial<FormRow> = {}): FormRow {
  return { form, title, url: '', version: '1', questions, own: true, written: null, away: false, replaced: false, ...more };
}

const FORMS: FormRow[] = [
  row('f1', 'First conversation', 21),
  row('f3', 'Mood check', 9, { own: false, version: '2026-02', written: { author: 'Sam Rivera', at: NOW - 2 * DAY_MS } }),
  row('f4', 'Mood check', 9, { own: false, version: '2025-11', written: { author: 'Dana Ito', at: NOW - 90 * DAY_MS }, replaced: true }),
  row('f2', 'Needs and strengths', 12),
  row('f5', 'Safety today', 9),
];

const PREVIEW: FormPreview = {
  title: 'Needs and strengths',
  url: 'urn:x',
  version: '1',
  copyright: '',
  pages: pagesOf(),
  settings: {
    bands: [
      { score: 'sum', from: '0', word: 'low', level: 0 },
      { score: 'sum', from: '5', word: 'high', level: 3 },
    ],
    critical: [{ item: 'housing', above: '2' }],
  },
  scored: [['sum', 'Sum of needs (0 to 9)']],
  remarks: [{ code: 'type', item: '2.6 (photo)', detail: 'attachment' }],
  known: false,
};

function scoreOf(value: number, answered: number): ScoreView {
  const band = { score: 'sum', from: value < 5 ? '0' : '5', word: value < 5 ? 'low' : 'high', level: value < 5 ? 0 : 3 };
  return { link: 'sum', title: 'Sum of needs (0 to 9)', value: answered > 0 ? String(value) : '', most: '9', answered, of: 3, band: answered > 0 ? band : null, not_computed: null };
}

export class FakeAssessments {
  #forms = FORMS;
  #pages = pagesOf();
  #state = 'in-progress';

  forms(ask: FormsAsk): Reply {
    if (ask.type === 'library') return { type: 'form_library', library: { forms: this.#forms, ignored: 1, unreadable: 0, may_change: true } };
    if (ask.type === 'look') return { type: 'form_preview', form: PREVIEW };
    if (ask.type === 'preview') {
      const text = new TextDecoder().decode(ask.file);
      if (!text.startsWith('{')) return { type: 'failed', failure: { code: 'bad_form', error: { problem: 'not_json', line: 1, column: 1 } } };
      return { type: 'form_preview', form: PREVIEW };
    }
    return { type: 'done' };
  }

  assess(ask: AssessAsk): Reply {
    switch (ask.type) {
      case 'list':
        return { type: 'assessments', assessments: this.#rows() };
      case 'begin':
        return { type: 'saved', id: 'a0', undo: null };
      case 'export':
        return { type: 'file', name: 'needs.json', text: '{}' };
      case 'answer':
        this.#answer(ask.key, ask.given);
        break;
      case 'state':
        this.#state = ask.to;
        break;
      case 'add_group':
        this.#pages[1]?.items.splice(2, 0, item('person@1', 'group', 'Somebody who lives there', { may_drop: true }), item('name@1', 'string', 'Name', { depth: 1 }));
        break;
      case 'drop_group':
        if (this.#pages[1]) this.#pages[1].items = this.#pages[1].items.filter(({ key }) => !key.endsWith('@1'));
        break;
      case 'open':
        break;
    }
    return { type: 'assessment', assessment: this.#view() };
  }

  #answer(key: string, given: Given[]): void {
    const found = this.#pages.flatMap((page) => page.items).find((one) => one.key === key);
    if (!found) return;
    found.chosen = given.flatMap((one) => (one.type === 'option' ? [one.n] : []));
    found.typed = given.flatMap((one) => (one.type === 'option' ? [] : [one.text]));
    found.shown = [...found.chosen.map((n) => found.options[n] ?? ''), ...found.typed].join(', ');
  }

  #view(): AssessmentView {
    const items = this.#pages.flatMap((page) => page.items);
    const asked = items.filter((one) => one.asked);
    const needs = items.filter((one) => one.options === LEVELS && one.chosen.length > 0);
    const score = scoreOf(needs.reduce((sum, one) => sum + (one.chosen[0] ?? 0), 0), needs.length);
    const open = this.#state === 'in-progress' || this.#state === 'amended';
    const urgent = needs.filter((one) => one.chosen[0] === 3);
    return {
      id: 'a0',
      case_name: 'Maria Delgado',
      form: 'f2',
      title: 'Needs and strengths',
      version: '1',
      copyright: '',
      date: '2026-11-25',
      client: '',
      informant: 'client',
      informant_name: '',
      state: this.#state,
      next: open ? ['completed', 'stopped', 'entered-in-error'] : ['amended', 'entered-in-error'],
      may_answer: open,
      author: 'Sam Rivera',
      at: NOW,
      pages: this.#pages,
      formless: false,
      answered: asked.filter((one) => one.shown !== '').length,
      of: asked.length,
      missing: this.#pages.flatMap((page, n) => page.items.filter((one) => one.required && one.shown === '').map((one): [number, string, string] => [n, one.key, one.text])),
      alarms: urgent.map((one): [string, string, string] => [one.key, one.text, one.shown]),
      scores: [score],
      recorded: null,
    };
  }

  #rows(): AssessmentRow[] {
    const past = (id: string, date: string, value: number): AssessmentRow => ({
      id,
      form: 'f2',
      series: 'urn:x',
      title: 'Needs and strengths',
      date,
      state: 'completed',
      score: scoreOf(value, 3),
      outdone: id === 'a3',
      client: '',
      author: 'Dana Ito',
      at: NOW,
    });
    const begun = { ...past('a0', '2026-11-25', 0), state: this.#state, score: this.#view().scores[0] ?? null, author: 'Sam Rivera' };
    return [begun, past('a1', '2026-10-02', 3), past('a2', '2026-07-14', 7), past('a3', '2026-07-14', 6), past('a4', '2026-02-03', 8)];
  }
}
