// Words of the agency's rules, and of what they do to a tablet.

import { plural } from '../plural';
import type { Section } from '../section';

export const policyTexts = {
  policy_title: { en: 'Agency rules', es: 'Reglas de la agencia' },
  policy_text: {
    en: 'What holds for everybody’s tablets. A tablet follows a change when it is next in touch.',
    es: 'Lo que vale para las tabletas de todos. Una tableta sigue un cambio la próxima vez que se conecta.',
  },
  policy_admins: { en: 'Admins can change these.', es: 'Los administradores pueden cambiarlas.' },
  'policy.auto_lock_minutes': { en: 'Locks by itself', es: 'Se bloquea sola' },
  'policy_hint.auto_lock_minutes': {
    en: 'After so many minutes without anybody at the tablet.',
    es: 'Tras tantos minutos sin nadie ante la tableta.',
  },
  'policy.out_of_touch_days': { en: 'Does not open when long out of touch', es: 'No se abre si lleva mucho sin conectarse' },
  'policy_hint.out_of_touch_days': {
    en: 'After so many days without contact a tablet stays locked until it has been in touch. Nothing on it is lost, and what was written still goes out. 0 for never.',
    es: 'Tras tantos días sin contacto, la tableta sigue bloqueada hasta que se conecte. No se pierde nada, y lo escrito sigue enviándose. 0 para nunca.',
  },
  policy_minutes: {
    en: (n: number) => plural('en', n, { one: 'after 1 minute', other: `after ${n} minutes` }),
    es: (n: number) => plural('es', n, { one: 'tras 1 minuto', other: `tras ${n} minutos` }),
  },
  policy_days: {
    en: (n: number) => plural('en', n, { one: 'after 1 day', other: `after ${n} days` }),
    es: (n: number) => plural('es', n, { one: 'tras 1 día', other: `tras ${n} días` }),
  },
  policy_off: { en: 'never', es: 'nunca' },
  policy_between: { en: (from: number, to: number) => `From ${from} to ${to}`, es: (from: number, to: number) => `De ${from} a ${to}` },
  policy_between_or_off: {
    en: (from: number, to: number) => `From ${from} to ${to}, or 0 for never`,
    es: (from: number, to: number) => `De ${from} a ${to}, o 0 para nunca`,
  },
  policy_unit_minutes: { en: 'Minutes', es: 'Minutos' },
  policy_unit_days: { en: 'Days', es: 'Días' },
  policy_by: { en: (name: string, when: string) => `Set by ${name}, ${when}`, es: (name: string, when: string) => `Puesta por ${name}, ${when}` },
  policy_default: { en: 'Nobody has changed it yet.', es: 'Nadie la ha cambiado todavía.' },
  policy_source: { en: (source: string) => `Asked for by ${source}`, es: (source: string) => `Lo pide: ${source}` },
  policy_earlier: { en: 'What held before', es: 'Lo que valía antes' },
  policy_was: {
    en: (what: string, name: string, when: string) => `${what}, set by ${name}, ${when}`,
    es: (what: string, name: string, when: string) => `${what}, puesta por ${name}, ${when}`,
  },
  policy_ignored: {
    en: (name: string, when: string) => `${name}, who is no admin, tried to change this ${when}. It does not count.`,
    es: (name: string, when: string) => `${name}, que no es administrador, intentó cambiar esto ${when}. No vale.`,
  },
  policy_somebody: { en: 'somebody', es: 'alguien' },
  policy_save: { en: 'Save the rules', es: 'Guardar las reglas' },
  policy_saved: { en: 'The rules are saved', es: 'Las reglas quedan guardadas' },
  policy_same: { en: 'Nothing was changed.', es: 'No se ha cambiado nada.' },
  fail_out_of_touch: {
    en: (when: string) =>
      `This tablet has not been in touch since ${when}, longer than your agency allows. Connect it to the internet, wait a minute, and open it again. Nothing on it is lost.`,
    es: (when: string) =>
      `Esta tableta no se ha conectado desde ${when}, más tiempo del que permite su agencia. Conéctela a internet, espere un minuto y ábrala de nuevo. No se ha perdido nada.`,
  },
  fail_out_of_touch_long: { en: 'long ago', es: 'hace mucho' },
} as const satisfies Section;
