// Compartments: what only some of those who read a case may read.

import { plural } from '../plural';
import type { Section } from '../section';

export const restrictedTexts = {
  'compartment.substance_use': { en: 'substance use', es: 'consumo de sustancias' },
  'compartment.address': { en: 'confidential address', es: 'dirección confidencial' },
  'compartment.reporter': { en: 'who reported', es: 'quién denunció' },
  restricted: { en: 'Restricted', es: 'Restringido' },
  restricted_mark: { en: (kind: string) => `Restricted: ${kind}`, es: (kind: string) => `Restringido: ${kind}` },
  restricted_seen: {
    en: (n: number, names: string) => plural('en', n, { one: `seen by 1 person: ${names}`, other: `seen by ${n} people: ${names}` }),
    es: (n: number, names: string) => plural('es', n, { one: `lo ve 1 persona: ${names}`, other: `lo ven ${n} personas: ${names}` }),
  },
  restricted_text: {
    en: 'Nobody else can read this part of the case, or can tell that it is there.',
    es: 'Nadie más puede leer esta parte del caso ni saber que existe.',
  },
  restricted_begin: { en: 'Keep something restricted', es: 'Guardar algo restringido' },
  restricted_what: { en: 'What is it about?', es: '¿De qué se trata?' },
  restricted_who: { en: 'Who may read it besides you?', es: '¿Quién puede leerlo además de usted?' },
  restricted_who_hint: {
    en: 'Supervisors and administrators always can.',
    es: 'Los supervisores y administradores siempre pueden.',
  },
  restricted_who_none: { en: 'Nobody else works on this case.', es: 'Nadie más trabaja en este caso.' },
  restricted_do: { en: 'Begin it', es: 'Empezar' },
  restricted_done: { en: 'Begun. Only its readers see it.', es: 'Empezado. Solo lo ven sus lectores.' },
  restricted_of: { en: (name: string) => `Part of the case of ${name}`, es: (name: string) => `Parte del caso de ${name}` },
} as const satisfies Section;
