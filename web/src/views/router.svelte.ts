// Where the person is: the part of the address after '#', as a typed route. Owns the mapping both
// ways, so that no view writes an address by hand. Refuses to know who may see what. Records' text
// never enters the address, ids do.

export type Route =
  | { screen: 'cases' }
  | { screen: 'case'; id: string }
  | { screen: 'note'; id: string }
  | { screen: 'new-case' }
  | { screen: 'work' }
  | { screen: 'import' }
  | { screen: 'team' }
  | { screen: 'invite' }
  | { screen: 'me' }
  | { screen: 'who' }
  | { screen: 'join' }
  | { screen: 'set-up' }
  | { screen: 'nowhere' };

const PLAIN = ['new-case', 'work', 'import', 'team', 'invite', 'me', 'who', 'join', 'set-up'] as const;

export function parsed(hash: string): Route {
  const [screen = '', id = '', sub = '', ...more] = hash.replace(/^#?\/?/, '').split('/');
  if (more.length > 0) return { screen: 'nowhere' };
  if (screen === '') return { screen: 'cases' };
  if (screen === 'case' && /^[0-9a-f]+$/.test(id)) {
    if (sub === '') return { screen: 'case', id };
    if (sub === 'note') return { screen: 'note', id };
    return { screen: 'nowhere' };
  }
  const plain = PLAIN.find((name) => name === screen);
  return plain !== undefined && id === '' ? { screen: plain } : { screen: 'nowhere' };
}

/** The address of a route, for links. */
export function href(route: Route): string {
  switch (route.screen) {
    case 'cases':
    case 'nowhere':
      return '#/';
    case 'case':
      return `#/case/${route.id}`;
    case 'note':
      return `#/case/${route.id}/note`;
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

export function go(route: Route, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', href(route));
  else history.replaceState(null, '', href(route));
  state.route = route;
}

/** Follows the address from now on. `before` may take a change for itself: an invite's link, say. */
export function follow(before: () => boolean): () => void {
  const moved = () => {
    if (!before()) state.route = parsed(location.hash);
  };
  moved();
  addEventListener('hashchange', moved);
  addEventListener('popstate', moved);
  return () => {
    removeEventListener('hashchange', moved);
    removeEventListener('popstate', moved);
  };
}
