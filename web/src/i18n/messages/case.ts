// Words of the caseload, a case, its notes, its conflicts and who has access.

import { plural } from '../plural';
import type { Section } from '../section';

export const caseTexts = {
  cases_title: { en: 'My cases', es: 'Mis casos' },
  search: { en: 'Search names, numbers, notes', es: 'Buscar nombres, números, notas' },
  search_short: { en: 'Name, number or words', es: 'Nombre, número o palabras' },
  search_clear: { en: 'Clear the search', es: 'Borrar la búsqueda' },
  cases_count: {
    en: (n: number) => plural('en', n, { one: '1 case', other: `${n} cases` }),
    es: (n: number) => plural('es', n, { one: '1 caso', other: `${n} casos` }),
  },
  cases_found: {
    en: (n: number, total: number) => `${n} of ${total} cases`,
    es: (n: number, total: number) => `${n} de ${total} casos`,
  },
  cases_none: { en: 'No cases yet', es: 'Aún no hay casos' },
  cases_none_text: {
    en: 'Begin a case, or wait for the first connection if your team already has some.',
    es: 'Empiece un caso, o espere la primera conexión si su equipo ya tiene alguno.',
  },
  cases_no_match: {
    en: 'No case on this tablet matches. Try part of a name or number.',
    es: 'Ningún caso de esta tableta coincide. Pruebe con parte de un nombre o número.',
  },
  cases_more: { en: 'Show more cases', es: 'Mostrar más casos' },
  choose_case: { en: 'Choose a case on the left', es: 'Elija un caso a la izquierda' },
  last_note: { en: (age: string) => `Last note ${age}`, es: (age: string) => `Última nota ${age}` },
  no_notes: { en: 'No notes yet', es: 'Aún sin notas' },
  badge_settle: {
    en: (n: number) => `${n} to settle`,
    es: (n: number) => `${n} por resolver`,
  },
  badge_unsent: { en: (n: number) => `${n} only here`, es: (n: number) => `${n} solo aquí` },
  badge_draft: { en: 'Draft', es: 'Borrador' },
  new_case: { en: 'New case', es: 'Caso nuevo' },
  case_nameless: { en: 'Case without a name', es: 'Caso sin nombre' },

  note_write: { en: 'Write a note', es: 'Escribir una nota' },
  note_continue: { en: 'Go on with your draft', es: 'Seguir con su borrador' },
  draft_waiting: { en: 'A draft is waiting', es: 'Hay un borrador' },
  notes: { en: 'Notes', es: 'Notas' },
  notes_count: {
    en: (n: number) => plural('en', n, { one: '1 note', other: `${n} notes` }),
    es: (n: number) => plural('es', n, { one: '1 nota', other: `${n} notas` }),
  },
  notes_none: { en: 'No notes yet. Yours can be the first.', es: 'Aún no hay notas. La suya puede ser la primera.' },
  notes_more: { en: 'Show older notes', es: 'Mostrar notas anteriores' },
  note_imported: { en: 'from an import', es: 'de una importación' },
  about: { en: 'About the person', es: 'Sobre la persona' },
  about_more: { en: 'All details', es: 'Todos los datos' },
  about_empty: {
    en: (n: number) => plural('en', n, { one: '1 empty field', other: `${n} empty fields` }),
    es: (n: number) => plural('es', n, { one: '1 campo vacío', other: `${n} campos vacíos` }),
  },
  extra: { en: 'Other data from the import', es: 'Otros datos de la importación' },
  field_empty: { en: 'not filled in', es: 'sin rellenar' },
  field_edit: { en: (label: string) => `Change ${label}`, es: (label: string) => `Cambiar ${label}` },
  field_by: {
    en: (author: string, when: string) => `${author}, ${when}`,
    es: (author: string, when: string) => `${author}, ${when}`,
  },
  field_saved: { en: (label: string) => `${label} saved`, es: (label: string) => `${label}: guardado` },
  field_old_value: { en: 'other value', es: 'otro valor' },
  field_not_chosen: { en: 'not chosen', es: 'sin elegir' },
  in_conflict: { en: 'to settle, see above', es: 'por resolver, vea arriba' },

  conflict_title: { en: (label: string) => `${label}: which one is right?`, es: (label: string) => `${label}: ¿cuál es correcto?` },
  conflict_text: {
    en: 'Two people changed this apart from each other. Both values are kept. Tap the one that is right.',
    es: 'Dos personas lo cambiaron por separado. Se guardan ambos valores. Toque el correcto.',
  },
  conflict_use: { en: 'Use this', es: 'Usar este' },
  conflict_empty: { en: 'left empty', es: 'dejado vacío' },
  conflict_settled: {
    en: (label: string, value: string) => `${label} is now “${value}”.`,
    es: (label: string, value: string) => `${label} es ahora «${value}».`,
  },
  conflict_undone: {
    en: (label: string) => `Undone: choose again for ${label}.`,
    es: (label: string) => `Deshecho: elija otra vez para ${label}.`,
  },
  conflicts_here: {
    en: (n: number) => plural('en', n, { one: '1 thing to settle', other: `${n} things to settle` }),
    es: (n: number) => plural('es', n, { one: '1 cosa por resolver', other: `${n} cosas por resolver` }),
  },

  access: { en: 'People with access', es: 'Personas con acceso' },
  access_text: { en: 'They can read this case; nobody else can.', es: 'Pueden leer este caso; nadie más puede.' },
  access_invited: { en: 'invited, not joined yet', es: 'invitado, aún no se ha unido' },
  access_add: { en: 'Let somebody in', es: 'Dar acceso a alguien' },
  access_who: { en: 'Who', es: 'Quién' },
  access_choose: { en: 'Choose a person', es: 'Elija una persona' },
  access_do: { en: 'Give access', es: 'Dar acceso' },
  access_warning: {
    en: 'They will read everything in this case, also what was written before. This cannot be taken back here.',
    es: 'Leerá todo lo de este caso, también lo escrito antes. Aquí no se puede revocar.',
  },
  access_given: { en: (name: string) => `${name} now has access.`, es: (name: string) => `${name} ya tiene acceso.` },

  note_title: { en: 'Note', es: 'Nota' },
  note_for: { en: (name: string) => `Note for ${name}`, es: (name: string) => `Nota para ${name}` },
  note_label: { en: 'What happened, what was said, what comes next', es: 'Qué pasó, qué se dijo, qué sigue' },
  note_save: { en: 'Save note', es: 'Guardar nota' },
  note_saved: { en: 'Note saved on this tablet.', es: 'Nota guardada en esta tableta.' },
  note_empty: { en: 'Write something first.', es: 'Escriba algo primero.' },
  draft_kept: { en: 'Draft kept on this tablet', es: 'Borrador guardado en esta tableta' },
  draft_keeping: { en: 'Keeping the draft…', es: 'Guardando el borrador…' },
  draft_not_kept: { en: 'The draft is not kept', es: 'El borrador no está guardado' },
  draft_none: { en: 'What you type is kept as you go', es: 'Lo que escriba se va guardando' },
  draft_discard: { en: 'Discard', es: 'Descartar' },
  draft_discarded: { en: 'Draft discarded.', es: 'Borrador descartado.' },

  new_case_text: { en: 'A name or a number is enough to begin.', es: 'Basta un nombre o un número para empezar.' },
  new_case_more: { en: 'More details', es: 'Más datos' },
  new_case_need: { en: 'Give at least a name or a case number.', es: 'Ponga al menos un nombre o un número de caso.' },
  new_case_do: { en: 'Create case', es: 'Crear caso' },
  new_case_done: { en: 'Case saved on this tablet.', es: 'Caso guardado en esta tableta.' },
  team_choice: { en: 'Who works on it besides you?', es: '¿Quién trabaja en él además de usted?' },
  team_choice_hint: {
    en: 'They can read and write it. Supervisors and administrators always can.',
    es: 'Podrán leerlo y escribir en él. Los supervisores y administradores siempre pueden.',
  },
  team_choice_none: { en: 'Nobody else has joined yet.', es: 'Nadie más se ha unido todavía.' },
} as const satisfies Section;
