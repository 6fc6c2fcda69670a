// Words of the access log. `did.<code>` is what stands after a person's name.

import { plural } from '../plural';
import type { Section } from '../section';

export const logTexts = {
  log_title: { en: 'Who looked', es: 'Quién ha mirado' },
  log_text: {
    en: 'What was done on everybody’s tablets: it arrives when a tablet locks or is in touch. Nobody can change it afterwards.',
    es: 'Lo que se ha hecho en las tabletas de todos: llega cuando una tableta se bloquea o se conecta. Nadie puede cambiarlo después.',
  },
  log_of_case: { en: (name: string) => `Only what was done to the case of ${name}`, es: (name: string) => `Solo lo hecho en el caso de ${name}` },
  log_of_one_case: { en: 'Only what was done to one case', es: 'Solo lo hecho en un caso' },
  log_of_all: { en: 'Show all cases', es: 'Mostrar todos los casos' },
  log_case: { en: 'Who looked at this case', es: 'Quién ha mirado este caso' },
  log_who: { en: 'Person', es: 'Persona' },
  log_everybody: { en: 'Everybody', es: 'Todas' },
  log_what: { en: 'What', es: 'Qué' },
  log_everything: { en: 'Everything', es: 'Todo' },
  log_day: { en: 'Day', es: 'Día' },
  log_none: { en: 'Nothing found here.', es: 'No se ha encontrado nada aquí.' },
  log_none_yet: { en: 'Nothing found so far. Look further back?', es: 'Nada hasta aquí. ¿Buscar más atrás?' },
  log_more: { en: 'Show older entries', es: 'Mostrar entradas anteriores' },
  log_shown: {
    en: (n: number) => plural('en', n, { one: '1 entry shown', other: `${n} entries shown` }),
    es: (n: number) => plural('es', n, { one: '1 entrada mostrada', other: `${n} entradas mostradas` }),
  },
  log_times: {
    en: (n: number) => plural('en', n, { one: 'once', other: `${n} times` }),
    es: (n: number) => plural('es', n, { one: 'una vez', other: `${n} veces` }),
  },
  log_other_case: { en: 'a case that you are not in', es: 'un caso en el que usted no está' },
  log_unreadable: {
    en: (n: number) =>
      plural('en', n, {
        one: 'One part of the log could not be read on this tablet.',
        other: `${n} parts of the log could not be read on this tablet.`,
      }) + ' Update the app, or connect once.',
    es: (n: number) =>
      plural('es', n, {
        one: 'Una parte del registro no se pudo leer en esta tableta.',
        other: `${n} partes del registro no se pudieron leer en esta tableta.`,
      }) + ' Actualice la aplicación o conéctese una vez.',
  },
  'did.view': { en: 'looked at', es: 'miró' },
  'did.create': { en: 'began', es: 'abrió' },
  'did.edit': { en: 'changed records of', es: 'cambió datos de' },
  'did.note': { en: 'wrote notes in', es: 'escribió notas en' },
  'did.sign': { en: 'signed a note in', es: 'firmó una nota en' },
  'did.strike': { en: 'struck a note in', es: 'tachó una nota en' },
  'did.settle': { en: 'settled a finding in', es: 'resolvió un aviso en' },
  'did.rule': { en: 'decided on late work in', es: 'decidió sobre trabajo tardío en' },
  'did.share': { en: 'let somebody into', es: 'dio acceso a' },
  'did.take_out': { en: 'took somebody out of', es: 'quitó el acceso a' },
  'did.export': { en: 'exported', es: 'exportó' },
  'did.print': { en: 'printed', es: 'imprimió' },
  'did.undo': { en: 'took a change back in', es: 'deshizo un cambio en' },
  'did.search': { en: 'searched all cases', es: 'buscó en todos los casos' },
  'did.import': { en: 'imported cases', es: 'importó casos' },
  'did.invite': { en: 'invited somebody', es: 'invitó a alguien' },
  'did.revoke': { en: 'took out a tablet or an invitation', es: 'sacó una tableta o una invitación' },
  'did.medicines': { en: 'changed the medicine table', es: 'cambió la tabla de medicinas' },
  'did.hand_over': { en: 'spoke of handing over', es: 'trató el traspaso de' },
  'did.assess': { en: 'answered a form of', es: 'respondió un formulario de' },
  'did.forms': { en: 'changed the agency’s forms', es: 'cambió los formularios de la agencia' },
  'did.resources': { en: 'changed the service directory', es: 'cambió el directorio de servicios' },
  'did.policy': { en: 'changed the agency rules', es: 'cambió las reglas de la agencia' },
  'did.confirm': { en: 'confirmed somebody’s tablet', es: 'confirmó la tableta de alguien' },
  'did.kit': { en: 'showed the recovery kit', es: 'mostró el kit de recuperación' },
  'did.drop_seeds': { en: 'deleted the recovery kit from the tablet', es: 'borró de la tableta el kit de recuperación' },
  'did.passphrase': { en: 'changed the passphrase', es: 'cambió la frase' },
  'did.unlock': { en: 'unlocked the tablet', es: 'desbloqueó la tableta' },
  'did.failed_unlock': { en: 'typed a wrong passphrase to unlock', es: 'escribió mal la frase al desbloquear' },
  'did.failed_passphrase': { en: 'typed a wrong passphrase to change it', es: 'escribió mal la frase al cambiarla' },
  'did.shut_out': { en: 'was not let in: out of touch for too long', es: 'no pudo entrar: demasiado tiempo sin conexión' },
  'did.read_log': { en: 'read this log', es: 'leyó este registro' },
  'did.more': { en: 'did more than could be kept', es: 'hizo más de lo que se pudo guardar' },
} as const satisfies Section;
