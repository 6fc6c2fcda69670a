// Counts a report anew from an export of the caseload, as README.md beside it says. Shares no code
// with the app, so that an error there is not repeated here.

import { readFileSync } from 'node:fs';
import process from 'node:process';

const [file, from, to, by] = process.argv.slice(2);
const { zone, terms, staff, cases } = JSON.parse(readFileSync(file, 'utf8'));

const ZONES = {
  atlantic: 'America/Puerto_Rico', eastern: 'America/New_York', central: 'America/Chicago', mountain: 'America/Denver',
  arizona: 'America/Phoenix', pacific: 'America/Los_Angeles', alaska: 'America/Anchorage', hawaii: 'Pacific/Honolulu',
};
const calendar = new Intl.DateTimeFormat('sv', { timeZone: ZONES[zone], year: 'numeric', month: '2-digit', day: '2-digit' });
const dayOf = (ms) => calendar.format(Number(ms));
const plusDays = (day, n) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);
const monthEnd = (day) => new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).toISOString().slice(0, 10);
function plusMonths(day, n) {
  const first = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + n, 1)).toISOString().slice(0, 10);
  const [last, same] = [monthEnd(first), `${first.slice(0, 8)}${day.slice(8)}`];
  return same < last ? same : last;
}

/** The version of a rule that holds on a day. */
const term = (key, day) => terms[key]?.filter(({ since }) => since <= day).at(-1);
const number = (key, day) => term(key, day).count;
/** When something is due that counts from a day. */
function due(key, day) {
  const { count, counts } = term(key, day);
  if (counts === 'days') return plusDays(day, count);
  if (counts === 'months') return plusMonths(day, count);
  if (counts === 'month_ends') return monthEnd(plusMonths(`${day.slice(0, 8)}01`, count));
  throw new Error(`${key} counts ${counts}`);
}
/** The day from which it counts where `day` is the first that counts. */
const before = (key, day) => plusDays(term(key, day).counts === 'month_ends' ? `${day.slice(0, 8)}01` : day, -1);
const within = (day) => day >= from && day <= to;

const value = (record, key) => record.fields[key]?.[0]?.value ?? '';
const stateAt = (record) => record.fields.state?.[0]?.at ?? record.at;
const standing = (one) => one.records.filter((record) => value(record, 'state') !== 'entered-in-error');
const ofKind = (one, kind) => standing(one).filter((record) => record.kind === kind);
const byId = new Map(cases.map((one) => [one.case, one]));

const NUMBERS = [
  'contacts_due', 'contacts_met', 'contacts_made', 'attempts', 'no_shows', 'units', 'noted', 'noted_in_time', 'note_hours',
  'tasks_due', 'tasks_done', 'plans_overdue', 'referrals_begun', 'referrals_ended', 'referrals_served',
];
const blank = () => ({ cases: 0, weight: 0, appeals: {}, ...Object.fromEntries(NUMBERS.map((name) => [name, 0])) });
const rows = new Map();
const total = blank();

function rowOf(key) {
  if (!rows.has(key)) rows.set(key, blank());
  return rows.get(key);
}
function count(who, programme, day, what, n = 1) {
  const key = by === 'worker' ? who : by === 'programme' ? programme : day.slice(0, 7);
  for (const row of [rowOf(key), total]) row[what] += n;
}

for (const one of cases) {
  const whole = byId.get(one.within?.case) ?? one;
  const programme = whole.fields.program?.[0] ?? '';
  const assigned = (role) =>
    ofKind(whole, 'assignment')
      .filter((record) => value(record, 'state') === 'active' && value(record, 'role') === role)
      .map((record) => value(record, 'staff'))
      .sort();
  const worker = assigned('primary')[0] ?? assigned('secondary')[0] ?? '';

  const record = one.records.find(({ kind }) => kind === 'case');
  const state = record ? value(record, 'state') : '';
  const acuity = record ? value(record, 'acuity') : '';
  const opened = (record && value(record, 'opened')) || dayOf(one.begun);
  const isOpen = state === 'active' || state === 'transferring';

  if (isOpen && opened <= to) {
    const weight = number(`weight.acuity.${['1', '2', '3'].includes(acuity) ? acuity : '4'}`, to);
    if (by === 'month') {
      total.cases += 1;
      total.weight += weight;
      for (let day = `${(opened > from ? opened : from).slice(0, 7)}-01`; day <= to; day = plusDays(monthEnd(day), 1)) {
        rowOf(day.slice(0, 7)).cases += 1;
        rowOf(day.slice(0, 7)).weight += weight;
      }
    } else {
      count(worker, programme, to, 'cases');
      count(worker, programme, to, 'weight', weight);
    }
  }

  const contacts = ofKind(one, 'visit').filter((visit) => value(visit, 'same_as') === '' && value(visit, 'start') !== '');
  const done = contacts.filter((visit) => value(visit, 'state') !== 'in-progress');
  const made = done.filter((visit) => value(visit, 'outcome') === 'made');
  const monthly = record && value(record, 'setting') === 'child_welfare';
  const standard = monthly ? 'contact.child_welfare' : `contact.acuity.${acuity}`;
  if ((isOpen || state === 'closed') && terms[standard] !== undefined) {
    const closed = state === 'closed' ? dayOf(stateAt(record)) : '9999-12-31';
    const last = closed < to ? closed : to;
    const met = made.filter((visit) => !monthly || value(visit, 'mode') === 'in_person').map((visit) => dayOf(value(visit, 'start')));
    for (let first = opened; ; ) {
      const end = due(standard, before(standard, first));
      if (end > last || end < first) break;
      if (end >= from) {
        count(worker, programme, end, 'contacts_due');
        if (met.some((day) => day >= first && day <= end)) count(worker, programme, end, 'contacts_met');
      }
      first = plusDays(end, 1);
    }
  }

  const notes = one.notes.filter((note) => note.struck === null && !note.imported).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const named = new Set(contacts.map((visit) => value(visit, 'note')));
  for (const visit of done) {
    const start = Number(value(visit, 'start'));
    const day = dayOf(start);
    if (!within(day)) continue;
    const who = value(visit, 'staff');
    if (value(visit, 'outcome') !== 'made') {
      if (value(visit, 'mode') !== 'letter') count(who, programme, day, 'attempts');
      continue;
    }
    count(who, programme, day, 'contacts_made');
    count(who, programme, day, 'units', Number(value(visit, 'units') || 0));
    const note = value(visit, 'note') === '' ? notes.find(({ at, id }) => at >= start && !named.has(id)) : notes.find(({ id }) => id === value(visit, 'note'));
    if (note === undefined) continue;
    const since = Number(value(visit, 'end') || start);
    const hours = number(value(visit, 'crisis') === 'yes' ? 'note.crisis' : 'note.routine', dayOf(since));
    count(who, programme, day, 'noted');
    if (note.at <= since + hours * 3_600_000) count(who, programme, day, 'noted_in_time');
    count(who, programme, day, 'note_hours', Math.max(0, Math.floor((note.at - since) / 3_600_000)));
  }

  for (const meeting of ofKind(one, 'appointment').filter((meeting) => value(meeting, 'state') === 'noshow')) {
    const day = dayOf(value(meeting, 'start'));
    if (within(day)) count(value(meeting, 'staff'), programme, day, 'no_shows');
  }
  for (const task of ofKind(one, 'task').filter((task) => within(value(task, 'due')))) {
    const who = value(task, 'owner') || worker;
    count(who, programme, value(task, 'due'), 'tasks_due');
    if (!['requested', 'in-progress'].includes(value(task, 'state'))) count(who, programme, value(task, 'due'), 'tasks_done');
  }
  for (const plan of ofKind(one, 'plan')) {
    if (value(plan, 'state') === 'active' && within(value(plan, 'review_due'))) count(worker, programme, value(plan, 'review_due'), 'plans_overdue');
  }
  for (const referral of ofKind(one, 'referral')) {
    if (within(dayOf(referral.at))) count(worker, programme, dayOf(referral.at), 'referrals_begun');
    const day = dayOf(stateAt(referral));
    if (!within(day) || !['completed', 'failed', 'rejected', 'cancelled'].includes(value(referral, 'state'))) continue;
    count(worker, programme, day, 'referrals_ended');
    if (value(referral, 'state') === 'completed') count(worker, programme, day, 'referrals_served');
  }
  for (const appeal of ofKind(one, 'appeal')) {
    const day = dayOf(stateAt(appeal));
    const outcome = value(appeal, 'state');
    if (!within(day) || !['overturned', 'partly', 'upheld', 'dismissed', 'withdrawn'].includes(outcome)) continue;
    const key = by === 'worker' ? worker : by === 'programme' ? programme : day.slice(0, 7);
    for (const row of [rowOf(key), total]) row.appeals[outcome] = (row.appeals[outcome] ?? 0) + 1;
  }
}

const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
function line(name, row) {
  const appeals = Object.entries(row.appeals).sort(([a], [b]) => (a < b ? -1 : 1));
  const cells = [name, row.cases, row.weight, ...NUMBERS.map((one) => row[one]), appeals.map(([outcome, times]) => `${outcome} ${times}`).join('; ')];
  return cells.map((cell) => quoted(String(cell))).join(',');
}
const named = [...rows].map(([key, row]) => [by === 'worker' ? (staff[key] ?? '') : key, row]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
const lines = [['name', 'cases', 'weight', ...NUMBERS, 'appeals'].join(',')];
for (const [name, row] of named) lines.push(line(name, row));
lines.push(line('TOTAL', total));
process.stdout.write(`${lines.join('\n')}\n`);
