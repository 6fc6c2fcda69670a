// What the calendar shows, kept while the app is open: who comes back from a case finds it as it was.

import { today } from '../../i18n';

export type Span = 'day' | 'week';
export type Whose = 'mine' | 'team';

const state = $state<{ day: string; span: Span; whose: Whose }>({ day: '', span: 'week', whose: 'mine' });

export const shown = {
  /** The day around which it is; the present one, until another was chosen. */
  get day(): string {
    return state.day || today();
  },
  set day(day: string) {
    state.day = day === today() ? '' : day;
  },
  get span(): Span {
    return state.span;
  },
  set span(span: Span) {
    state.span = span;
  },
  get whose(): Whose {
    return state.whose;
  },
  set whose(whose: Whose) {
    state.whose = whose;
  },
};
