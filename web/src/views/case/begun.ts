// Forms of a case that somebody has begun and not saved: what each is called, and where it goes on.

import type { Form } from '../../generated';
import { fieldLabel, kindName, t } from '../../i18n';
import { homeOf } from '../records/home';
import { href } from '../router.svelte';

export interface Begun {
  key: string;
  words: string;
  href: string;
}

/** Nothing for what is shown on the case's first page anyway. */
export function begunAt(form: Form): Begun | undefined {
  const place = placeOf(form);
  return place && { key: `${form.name}/${form.about}`, ...place };
}

function placeOf({ name, case: id, about }: Form): Omit<Begun, 'key'> | undefined {
  switch (name) {
    case 'record': {
      const [kind = '', record] = about.split('/');
      return { words: kindName(kind), href: href({ screen: 'record', id, kind, ...(record ? { record } : {}) }) };
    }
    case 'state': {
      const [kind = ''] = about.split('/');
      return { words: kindName(kind), href: href({ screen: 'case', id, tab: homeOf(kind) }) };
    }
    case 'field':
      return { words: fieldLabel(about), href: href({ screen: 'case', id, tab: 'person' }) };
    case 'note_change':
      return { words: t.note_edit_title, href: href({ screen: 'note', id, edit: about }) };
    case 'strike':
      return { words: t.note_strike, href: href({ screen: 'case', id, tab: 'timeline' }) };
    case 'hand_over':
      return { words: kindName('transfer'), href: href({ screen: 'case', id, tab: 'access' }) };
    case 'sharing':
      return { words: t.access_add, href: href({ screen: 'case', id, tab: 'access' }) };
    case 'ruling':
      return { words: kindName('ruling'), href: href({ screen: 'case', id, tab: 'access' }) };
    case 'visit':
    case 'new_case':
    case 'note':
    case 'settle':
      return undefined;
  }
}
