// Words of handing a case over, of letting somebody in for a purpose, and of decisions on late work.

import { plural } from '../plural';
import type { Section } from '../section';

export const handingTexts = {
  'kind.transfer': { en: 'Hand-over', es: 'Traspaso' },
  'kind.sharing': { en: 'Let in for a purpose', es: 'Acceso para un fin' },
  'kind.ruling': { en: 'Decision on late changes', es: 'Decisión sobre cambios tardíos' },
  'kinds.transfer': { en: 'Hand-overs', es: 'Traspasos' },
  'kinds.sharing': { en: 'Let in for a purpose', es: 'Acceso para un fin' },
  'kinds.ruling': { en: 'Decisions on late changes', es: 'Decisiones sobre cambios tardíos' },
  'record.transfer.from': { en: 'From', es: 'De' },
  'record.transfer.to': { en: 'To', es: 'A' },
  'record.reason': { en: 'Why', es: 'Motivo' },
  'record.transfer.declined_reason': { en: 'Why it was declined', es: 'Por qué se rechazó' },
  'record.sharing.purpose': { en: 'What for', es: 'Para qué' },
  'record.ruling.verdict': { en: 'Decision', es: 'Decisión' },
  'record.ruling.changes': { en: 'Changes', es: 'Cambios' },
  'code.ruling.verdict.in': { en: 'They count', es: 'Cuentan' },
  'code.ruling.verdict.out': { en: 'Left out', es: 'Quedan fuera' },
  'state.transfer.offered': { en: 'Offered', es: 'Ofrecido' },
  'state.transfer.accepted': { en: 'Accepted', es: 'Aceptado' },
  'state.transfer.declined': { en: 'Declined', es: 'Rechazado' },
  'state.transfer.cancelled': { en: 'Stopped', es: 'Detenido' },
  'state.transfer.completed': { en: 'Done', es: 'Hecho' },
  'state.sharing.ended': { en: 'Ended', es: 'Terminado' },
  'deed.transfer.accepted': { en: 'Take the case', es: 'Aceptar el caso' },
  'deed.transfer.declined': { en: 'Do not take it', es: 'No aceptarlo' },
  'deed.transfer.cancelled': { en: 'Stop the hand-over', es: 'Detener el traspaso' },
  'deed.transfer.completed': { en: 'Finish the hand-over', es: 'Terminar el traspaso' },
  'deed.sharing.ended': { en: 'End it', es: 'Terminarlo' },
  'rule.taken_over_twice': { en: 'Two people took this case', es: 'Dos personas aceptaron este caso' },
  'rule.taken_over_twice.text': {
    en: 'The case was offered to two people, and both accepted, neither knowing of the other. Until a supervisor picks one, the first goes on with its tasks.',
    es: 'El caso se ofreció a dos personas y ambas aceptaron sin saber una de otra. Hasta que una persona supervisora elija, la primera sigue con sus tareas.',
  },
  'choice.side.taken_over_twice': { en: 'This one takes the case', es: 'Esta persona lleva el caso' },

  handing_title: { en: 'Handing this case over', es: 'Traspaso de este caso' },
  handing_review: { en: 'Cases changing hands', es: 'Casos que cambian de manos' },
  handing_count: {
    en: (n: number) => plural('en', n, { one: '1 case is changing hands', other: `${n} cases are changing hands` }),
    es: (n: number) => plural('es', n, { one: '1 caso cambia de manos', other: `${n} casos cambian de manos` }),
  },
  handing_earlier: {
    en: (n: number) => plural('en', n, { one: '1 earlier hand-over', other: `${n} earlier hand-overs` }),
    es: (n: number) => plural('es', n, { one: '1 traspaso anterior', other: `${n} traspasos anteriores` }),
  },
  handing_wish: { en: 'Hand over to…', es: 'Traspasar a…' },
  handing_who: { en: 'To which colleague', es: 'A quién' },
  handing_why: { en: 'Why', es: 'Motivo' },
  handing_why_hint: { en: 'It stays in the case; the team reads it.', es: 'Queda en el caso; el equipo lo lee.' },
  handing_why_needed: { en: 'Say why in a few words.', es: 'Diga el motivo en pocas palabras.' },
  handing_who_needed: { en: 'Choose a person.', es: 'Elija una persona.' },
  handing_meaning: {
    en: 'They are asked first. The case stays yours until they have accepted and a supervisor has taken you off.',
    es: 'Primero se le pregunta. El caso sigue siendo suyo hasta que acepte y una persona supervisora le retire.',
  },
  handing_again: { en: 'Your earlier offer is taken back.', es: 'Su oferta anterior se retira.' },
  handing_do: { en: 'Ask them to take it', es: 'Pedirle que lo acepte' },
  handing_asked: { en: (name: string) => `${name} is asked to take the case.`, es: (name: string) => `Se ha preguntado a ${name} si acepta el caso.` },

  handing_offered: {
    en: (from: string, to: string) => `${from} wants to hand this case over to ${to}.`,
    es: (from: string, to: string) => `${from} quiere traspasar este caso a ${to}.`,
  },
  handing_offered_me: { en: (from: string) => `${from} asks you to take this case over.`, es: (from: string) => `${from} le pide que se haga cargo de este caso.` },
  handing_offered_mine: { en: (to: string) => `You asked ${to} to take this case over.`, es: (to: string) => `Usted pidió a ${to} que se haga cargo de este caso.` },
  handing_no_answer: { en: (to: string) => `${to} has not answered yet.`, es: (to: string) => `${to} aún no ha respondido.` },
  handing_no_entry: {
    en: (to: string) => `${to} cannot see the case yet: a supervisor has to let them in.`,
    es: (to: string) => `${to} aún no puede ver el caso: una persona supervisora tiene que darle acceso.`,
  },
  handing_accepted: {
    en: (from: string, to: string) => `${from} handed this case over to ${to}, who accepted.`,
    es: (from: string, to: string) => `${from} traspasó este caso a ${to}, que aceptó.`,
  },
  handing_accepted_me: { en: (from: string) => `You took this case over from ${from}.`, es: (from: string) => `Usted aceptó el caso que llevaba ${from}.` },
  handing_accepted_mine: { en: (to: string) => `${to} accepted: the case goes from you to them.`, es: (to: string) => `${to} aceptó: el caso pasa de usted a esa persona.` },
  handing_to_finish: {
    en: (from: string) => `A supervisor still has to take ${from} off the case.`,
    es: (from: string) => `Falta que una persona supervisora retire a ${from} del caso.`,
  },
  handing_to_finish_mine: {
    en: 'Once a supervisor has taken you off, this tablet sends everything of it and then lets go of the case.',
    es: 'Cuando una persona supervisora le retire, esta tableta enviará todo lo suyo y después soltará el caso.',
  },
  handing_to_pass_on: { en: 'A supervisor still has to pass on the open tasks.', es: 'Falta que una persona supervisora pase las tareas pendientes.' },
  handing_declined: { en: (to: string) => `${to} did not take the case.`, es: (to: string) => `${to} no aceptó el caso.` },
  handing_declined_me: { en: 'You did not take the case.', es: 'Usted no aceptó el caso.' },
  handing_cancelled: {
    en: (from: string, to: string) => `The hand-over from ${from} to ${to} was stopped.`,
    es: (from: string, to: string) => `El traspaso de ${from} a ${to} se detuvo.`,
  },
  handing_completed: {
    en: (from: string, to: string) => `The case went from ${from} to ${to}.`,
    es: (from: string, to: string) => `El caso pasó de ${from} a ${to}.`,
  },
  handing_reason: { en: (why: string) => `Why: ${why}`, es: (why: string) => `Motivo: ${why}` },
  handing_accept: { en: 'Accept', es: 'Aceptar' },
  handing_decline: { en: 'Decline', es: 'Rechazar' },
  handing_decline_why: { en: 'Why not', es: 'Por qué no' },
  handing_cancel_mine: { en: 'Take the offer back', es: 'Retirar la oferta' },
  handing_cancel: { en: 'Stop the hand-over', es: 'Detener el traspaso' },
  handing_let_in: { en: (to: string) => `Let ${to} in`, es: (to: string) => `Dar acceso a ${to}` },
  handing_finish: { en: (from: string) => `Take ${from} off the case`, es: (from: string) => `Retirar a ${from} del caso` },
  handing_finish_text: {
    en: (from: string, to: string) =>
      `${to} gets the open tasks of ${from}. ${from} reads nothing that is written from now on; what is still on their tablet waits for your decision.`,
    es: (from: string, to: string) =>
      `${to} recibe las tareas pendientes de ${from}. ${from} no leerá nada de lo que se escriba desde ahora; lo que aún esté en su tableta esperará su decisión.`,
  },
  handing_pass_on: { en: (to: string) => `Pass the tasks on to ${to}`, es: (to: string) => `Pasar las tareas a ${to}` },
  handing_pass_on_text: {
    en: (from: string, to: string) => `${to} gets the open tasks of ${from}, who stays in the case as one who leads.`,
    es: (from: string, to: string) => `${to} recibe las tareas pendientes de ${from}, que sigue en el caso porque supervisa.`,
  },
  handing_done: { en: 'Done', es: 'Hecho' },

  sharing_purpose: { en: 'What for', es: 'Para qué' },
  sharing_purpose_hint: { en: 'Stands beside their name; the team reads it.', es: 'Aparece junto a su nombre; el equipo lo lee.' },
  sharing_in: {
    en: (when: string, purpose: string) => `In the case since ${when} for: ${purpose}`,
    es: (when: string, purpose: string) => `En el caso desde ${when} para: ${purpose}`,
  },
  sharing_by: { en: (name: string) => `let in by ${name}`, es: (name: string) => `con acceso de ${name}` },

  ruling_title: { en: 'Decided about late changes', es: 'Decidido sobre cambios tardíos' },
  ruling_in: {
    en: (n: number, whose: string, by: string) =>
      plural('en', n, { one: `1 late change of ${whose} was let in by ${by}`, other: `${n} late changes of ${whose} were let in by ${by}` }),
    es: (n: number, whose: string, by: string) =>
      plural('es', n, { one: `1 cambio tardío de ${whose} fue admitido por ${by}`, other: `${n} cambios tardíos de ${whose} fueron admitidos por ${by}` }),
  },
  ruling_out: {
    en: (n: number, whose: string, by: string) =>
      plural('en', n, { one: `1 late change of ${whose} was left out by ${by}`, other: `${n} late changes of ${whose} were left out by ${by}` }),
    es: (n: number, whose: string, by: string) =>
      plural('es', n, { one: `1 cambio tardío de ${whose} quedó fuera por decisión de ${by}`, other: `${n} cambios tardíos de ${whose} quedaron fuera por decisión de ${by}` }),
  },
  ruling_why_hint: {
    en: 'Needed to leave them out. It stays in the case; the team reads it.',
    es: 'Necesario para dejarlos fuera. Queda en el caso; el equipo lo lee.',
  },
} as const satisfies Section;
