// Where the person is: the part of the address after '#', as a typed route. Owns the mapping both
// ways, so that no view writes an address by hand. Refuses to know who may see what. Records' text
// never enters the address, ids do.

/** The parts of a case's page, in their order; the first is what opens. */
export const CASE_TABS = ['overview', 'timeline', 'person', 'assessments', 'plan', 'appeals', 'release', 'medications', 'appointments', 'tasks', 'visits', 'access'] as const;
export type CaseTab = (typeof CASE_TABS)[number];

export type Route =
  | { screen: 'cases' }
  | { screen: 'case'; id: string; tab?: CaseTab }
  /** A new note, one that goes on after the signed note `after`, or the draft `edit`. */
  | { screen: 'note'; id: string; edit?: string; after?: string }
  /** The form of a record: of a new one, unless `record` names one. */
  | { screen: 'record'; id: string; kind: string; record?: string }
  /** A visit under way, or its start. */
  | { screen: 'visit'; id: string; visit?: string }
  /** What the day holds over all cases, and figures over a time. */
  | { screen: 'today' }
  | { screen: 'reports' }
  /** A filled-in form, or the choice of one. */
  | { screen: 'assessment'; id: string; assessment?: string }
  | { screen: 'review' }
  | { screen: 'calendar' }
  | { screen: 'new-case' }
  | { screen: 'work' }
  | { screen: 'import' }
  /** Files on a stick instead of a network. */
  | { screen: 'exchange' }
  | { screen: 'team' }
  | { screen: 'invite' }
  /** A colleague's tablet that is lost or not to be used any more. */
  | { screen: 'tablet'; profile: string }
  | { screen: 'medicines' }
  | { screen: 'policy' }
  /** Who did what: to all cases, or to one. */
  | { screen: 'log'; case?: string }
  | { screen: 'forms' }
  /** The agency's directory of services. */
  | { screen: 'resources' }
  /** Finding a service, perhaps for a case. */
  | { screen: 'find'; case?: string }
  | { screen: 'service'; service: string; case?: string }
  | { screen: 'me' }
  | { screen: 'passphrase' }
  | { screen: 'kit' }
  | { screen: 'who' }
  | { screen: 'join' }
  | { screen: 'set-up' }
  | { screen: 'restore' }
  | { screen: 'nowhere' };

const ID = /^[0-9a-f]+$/;
const KIND = /^[a-z_]+$/;
const PLAIN = ['today', 'reports', 'review', 'calendar', 'new-case', 'work', 'import', 'exchange', 'team', 'invite', 'medicines', 'forms', 'policy', 'resources', 'me', 'passphrase', 'kit', 'who', 'join', 'set-up', 'restore'] as const;

export function parsed(hash: string): Route {
  const [screen = '', id = '', ...rest] = hash.replace(/^#?\/?/, '').split('/');
  if (screen === '') return { screen: 'cases' };
  if (screen === 'case') return (ID.test(id) && inCase(id, rest)) || { screen: 'nowhere' };
  if (screen === 'tablet') return ID.test(id) && rest.length === 0 ? { screen, profile: id } : { screen: 'nowhere' };
  if (screen === 'log' && rest.length === 0) {
    if (id === '') return { screen };
    return ID.test(id) ? { screen, case: id } : { screen: 'nowhere' };
  }
  if (screen === 'find' && rest.length === 0) {
    if (id === '') return { screen };
    return ID.test(id) ? { screen, case: id } : { screen: 'nowhere' };
  }
  if (screen === 'service' && id !== '' && rest.length <= 1) return service(id, rest[0] ?? '');
  const plain = PLAIN.find((name) => name === screen);
  return plain !== undefined && id === '' ? { screen: plain } : { screen: 'nowhere' };
}

/** A service by the id that its list gave it, which may be any text. */
function service(encoded: string, inCaseOf: string): Route {
  try {
    const id = decodeURIComponent(encoded);
    if (inCaseOf === '') return { screen: 'service', service: id };
    return ID.test(inCaseOf) ? { screen: 'service', service: id, case: inCaseOf } : { screen: 'nowhere' };
  } catch {
    return { screen: 'nowhere' };
  }
}

/** The rest of an address below `#/case/<id>`. */
function inCase(id: string, [sub = '', first = '', second = '', ...more]: string[]): Route | undefined {
  if (more.length > 0) return undefined;
  if (sub === 'note') {
    if (first === '') return { screen: 'note', id };
    if (first === 'after') return ID.test(second) ? { screen: 'note', id, after: second } : undefined;
    return ID.test(first) && second === '' ? { screen: 'note', id, edit: first } : undefined;
  }
  if (sub === 'record' && KIND.test(first)) {
    if (second === '') return { screen: 'record', id, kind: first };
    return /^[0-9a-z_]+$/.test(second) ? { screen: 'record', id, kind: first, record: second } : undefined;
  }
  if (sub === 'visit' && second === '') {
    if (first === '') return { screen: 'visit', id };
    return ID.test(first) ? { screen: 'visit', id, visit: first } : undefined;
  }
  if (sub === 'assessment' && second === '') {
    if (first === '') return { screen: 'assessment', id };
    return ID.test(first) ? { screen: 'assessment', id, assessment: first } : undefined;
  }
  if (first !== '') return undefined;
  if (sub === '') return { screen: 'case', id };
  const tab = CASE_TABS.find((name) => name === sub);
  return tab && { screen: 'case', id, tab };
}

/** The address of a route, for links. */
export function href(route: Route): string {
  switch (route.screen) {
    case 'cases':
    case 'nowhere':
      return '#/';
    case 'case':
      return `#/case/${route.id}${route.tab && route.tab !== 'overview' ? `/${route.tab}` : ''}`;
    case 'note': {
      const which = route.edit ? `/${route.edit}` : route.after ? `/after/${route.after}` : '';
      return `#/case/${route.id}/note${which}`;
    }
    case 'record':
      return `#/case/${route.id}/record/${route.kind}${route.record ? `/${route.record}` : ''}`;
    case 'tablet':
      return `#/tablet/${route.profile}`;
    case 'log':
      return `#/log${route.case ? `/${route.case}` : ''}`;
    case 'find':
      return `#/find${route.case ? `/${route.case}` : ''}`;
    case 'service':
      return `#/service/${encodeURIComponent(route.service)}${route.case ? `/${route.case}` : ''}`;
    case 'visit':
      return `#/case/${route.id}/visit${route.visit ? `/${route.visit}` : ''}`;
    case 'assessment':
      return `#/case/${route.id}/assessment${route.assessment ? `/${route.assessment}` : ''}`;
    default:
      return `#/${route.screen}`;
  }
}

const state = $state<{ route: Route }>({ route: parsed(location.hash) });

export const router = {
  get route(): Route {
    return state.route;
  },
};

/** What an entry of the history knows: the address from which one came to it, if that was in the app. */
interface Entry {
  from: string | null;
}

function cameFrom(): string | undefined {
  const found: unknown = history.state;
  return typeof found === 'object' && found !== null && 'from' in found && typeof found.from === 'string' ? found.from : undefined;
}

/** The address at which the person is: what the next entry is told. */
let here = href(state.route);

function arrive(route: Route): void {
  here = href(route);
  state.route = route;
}

export function go(route: Route, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState({ from: here } satisfies Entry, '', href(route));
  else history.replaceState(history.state, '', href(route));
  arrive(route);
}

/** A form is done: back to where the person came from; to `home` when the app was opened on it. */
export function leave(home: Route): void {
  if (cameFrom() === undefined) go(home, 'replace');
  else history.back();
}

/** One step up; where that is where the person came from, no new entry is made of it. */
export function up(address: string): void {
  if (cameFrom() === address) history.back();
  else go(parsed(address));
}

/** Follows the address from now on. `before` may take a change for itself: an invite's link, say. */
export function follow(before: () => boolean): () => void {
  const moved = () => {
    if (before()) return;
    // A link was followed: the browser has made an entry that knows nothing yet.
    if (history.state === null) history.replaceState({ from: here } satisfies Entry, '');
    arrive(parsed(location.hash));
  };
  if (history.state === null) history.replaceState({ from: null } satisfies Entry, '');
  moved();
  addEventListener('hashchange', moved);
  addEventListener('popstate', moved);
  return () => {
    removeEventListener('hashchange', moved);
    removeEventListener('popstate', moved);
  };
}
