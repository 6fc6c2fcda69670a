// Words of exchanging work by a file on a stick.

import { plural } from '../plural';
import type { Section } from '../section';

const entries = {
  en: (n: number) => plural('en', n, { one: '1 entry', other: `${n} entries` }),
  es: (n: number) => plural('es', n, { one: '1 entrada', other: `${n} entradas` }),
};
const inCases = {
  en: (n: number) => plural('en', n, { one: ' in 1 case', other: ` in ${n} cases` }),
  es: (n: number) => plural('es', n, { one: ' en 1 caso', other: ` en ${n} casos` }),
};
const size = (bytes: number, comma: string): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1).replace('.', comma)} MB`;

export const exchangeTexts = {
  exchange_title: { en: 'Exchange by file', es: 'Intercambiar por archivo' },
  exchange_text: {
    en: 'Where there is no network, a file on a stick takes work from one tablet to another. It is sealed: only those who are in a case can read it.',
    es: 'Donde no hay red, un archivo en una memoria USB lleva el trabajo de una tableta a otra. Va sellado: solo quienes están en un caso pueden leerlo.',
  },
  exchange_open: { en: 'Take a file in', es: 'Recibir un archivo' },
  exchange_choose: { en: 'Choose a file', es: 'Elegir un archivo' },
  exchange_take: { en: 'Take it in', es: 'Recibirlo' },
  exchange_by: { en: 'Made by', es: 'Hecho por' },
  exchange_a_relay: { en: 'a relay of the agency', es: 'un servidor de la agencia' },
  exchange_nobody: { en: 'nobody knows', es: 'no se sabe' },
  exchange_when: { en: 'Made', es: 'Hecho' },
  exchange_long: { en: 'Size', es: 'Tamaño' },
  exchange_fresh: { en: 'New here', es: 'Nuevo aquí' },
  exchange_for_others: { en: 'For others', es: 'Para otros' },
  exchange_size: { en: (bytes: number) => size(bytes, '.'), es: (bytes: number) => size(bytes, ',') },
  exchange_came: {
    en: (n: number, cases: number) => (n === 0 ? 'nothing new' : entries.en(n) + (cases > 0 ? inCases.en(cases) : '')),
    es: (n: number, cases: number) => (n === 0 ? 'nada nuevo' : entries.es(n) + (cases > 0 ? inCases.es(cases) : '')),
  },
  exchange_will_carry: {
    en: (n: number) => `${entries.en(n)} that you may not read: this tablet keeps them sealed and hands them on when it is connected.`,
    es: (n: number) => `${entries.es(n)} que usted no puede leer: esta tableta las guarda selladas y las entrega cuando se conecte.`,
  },
  exchange_waiting: {
    en: (n: number) => `${entries.en(n)} could not be used yet: an earlier file is missing. Ask for a new file after giving one of yours.`,
    es: (n: number) => `${entries.es(n)} aún no se pudieron usar: falta un archivo anterior. Entregue un archivo suyo y pida uno nuevo.`,
  },
  exchange_damaged: {
    en: (n: number) => plural('en', n, { one: 'One part of the file is damaged and is left out.', other: `${n} parts of the file are damaged and are left out.` }) + ' Nothing is lost: copy the file again, or ask for a new one.',
    es: (n: number) => plural('es', n, { one: 'Una parte del archivo está dañada y se omite.', other: `${n} partes del archivo están dañadas y se omiten.` }) + ' No se pierde nada: copie el archivo otra vez o pida uno nuevo.',
  },
  exchange_refused: {
    en: (n: number) => `${entries.en(n)} did not hold and were left out.`,
    es: (n: number) => `${entries.es(n)} no eran válidas y se omitieron.`,
  },
  exchange_cut: { en: 'The end of the file is missing. Copy it again, or take in what is there.', es: 'Falta el final del archivo. Cópielo otra vez o reciba lo que hay.' },
  exchange_newer: { en: 'Part of it is for a newer app: update the app, then take the file in again.', es: 'Una parte es para una aplicación más nueva: actualícela y reciba el archivo otra vez.' },
  exchange_own: { en: 'This file was made on this tablet. Give it to somebody else.', es: 'Este archivo se hizo en esta tableta. Entréguelo a otra persona.' },
  exchange_unproven: {
    en: 'Nobody has proven who made this file. Each entry is checked on its own all the same: what is not signed by a colleague is left out.',
    es: 'No está probado quién hizo este archivo. Aun así cada entrada se comprueba: lo que no firmó un colega se omite.',
  },
  exchange_done: { en: 'Taken in', es: 'Recibido' },
  exchange_make: { en: 'Make a file', es: 'Hacer un archivo' },
  exchange_how_much: { en: 'How much', es: 'Cuánto' },
  exchange_new_for: { en: (name: string) => `Only what is new for ${name}`, es: (name: string) => `Solo lo nuevo para ${name}` },
  exchange_their_file: { en: 'after their file of', es: 'según su archivo de' },
  exchange_everything: { en: 'Everything, for anybody', es: 'Todo, para cualquiera' },
  exchange_which: { en: 'Which cases', es: 'Qué casos' },
  exchange_all_cases: { en: 'All my cases', es: 'Todos mis casos' },
  exchange_save: { en: 'Save the file', es: 'Guardar el archivo' },
  exchange_saved: { en: (name: string, long: string) => `Saved: ${name}, ${long}. Copy it onto the stick.`, es: (name: string, long: string) => `Guardado: ${name}, ${long}. Cópielo en la memoria USB.` },
  exchange_make_hint: {
    en: 'Whoever finds the stick can read no record, but can see how many people work on how many cases, and when. Delete files that have arrived.',
    es: 'Quien encuentre la memoria no puede leer ningún dato, pero sí ver cuántas personas trabajan en cuántos casos y cuándo. Borre los archivos ya recibidos.',
  },
  exchange_not_one: { en: 'This is not a Satchel file, or it is damaged throughout. Copy it again, or ask for a new one.', es: 'No es un archivo de Satchel o está completamente dañado. Cópielo otra vez o pida uno nuevo.' },
  exchange_other_agency: { en: 'This file is another agency’s. Ask your colleague for the right one.', es: 'Este archivo es de otra agencia. Pida el correcto a su colega.' },
  exchange_too_long: { en: 'This is too much for one file. Choose one case, or connect.', es: 'Es demasiado para un archivo. Elija un caso o conéctese.' },
  exchange_full: { en: 'This tablet carries as much for others as fits. Connect it once, then take the file in again.', es: 'Esta tableta ya lleva todo lo que cabe para otros. Conéctela una vez y reciba el archivo otra vez.' },
} as const satisfies Section;
