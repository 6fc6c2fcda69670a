// Words of taking in a CSV of case notes.

import { plural } from '../plural';
import type { Section } from '../section';

const notes = {
  en: (n: number) => plural('en', n, { one: '1 note', other: `${n} notes` }),
  es: (n: number) => plural('es', n, { one: '1 nota', other: `${n} notas` }),
};
const cases = {
  en: (n: number) => plural('en', n, { one: '1 case', other: `${n} cases` }),
  es: (n: number) => plural('es', n, { one: '1 caso', other: `${n} casos` }),
};

export const importTexts = {
  import_title: { en: 'Import case notes', es: 'Importar notas de casos' },
  import_hint: { en: 'From a CSV file of another system', es: 'De un archivo CSV de otro sistema' },
  import_text: {
    en: 'Choose a CSV file (UTF-8). You will see what it holds before anything is taken in.',
    es: 'Elija un archivo CSV (UTF-8). Verá lo que contiene antes de importar nada.',
  },
  import_choose: { en: 'Choose a CSV file', es: 'Elegir un archivo CSV' },
  import_other: { en: 'Choose another file', es: 'Elegir otro archivo' },
  import_reading: { en: 'Reading the file…', es: 'Leyendo el archivo…' },
  import_unreadable: {
    en: 'The file could not be read. Copy it onto the tablet and choose it again.',
    es: 'No se pudo leer el archivo. Cópielo en la tableta y elíjalo de nuevo.',
  },
  import_found: {
    en: (rows: number, n: number) => `${notes.en(rows)} in ${cases.en(n)}`,
    es: (rows: number, n: number) => `${notes.es(rows)} en ${cases.es(n)}`,
  },
  import_columns: { en: 'Where each column goes', es: 'Adónde va cada columna' },
  import_column: { en: 'Column in the file', es: 'Columna del archivo' },
  import_meaning: { en: 'In Satchel', es: 'En Satchel' },
  import_extra: { en: 'kept as other data', es: 'se guarda como otro dato' },
  import_sample: { en: 'The first rows', es: 'Las primeras filas' },
  import_cut: {
    en: 'The file does not end with a line break: it may have been cut off. Compare the number of rows with the other system.',
    es: 'El archivo no termina con un salto de línea: puede estar cortado. Compare el número de filas con el otro sistema.',
  },
  import_cut_tick: { en: 'I have compared: the file is whole', es: 'Lo he comparado: el archivo está completo' },
  import_known: {
    en: (n: number) =>
      plural('en', n, {
        one: '1 case number is on this tablet already. Importing makes a second case of it.',
        other: `${n} case numbers are on this tablet already. Importing makes second cases of them.`,
      }),
    es: (n: number) =>
      plural('es', n, {
        one: '1 número de caso ya está en esta tableta. Importar creará un segundo caso.',
        other: `${n} números de caso ya están en esta tableta. Importar creará segundos casos.`,
      }),
  },
  import_known_tick: { en: 'I want them a second time', es: 'Los quiero por segunda vez' },
  import_known_list: { en: 'Show the numbers', es: 'Mostrar los números' },
  import_do: {
    en: (n: number) => `Import ${cases.en(n)}`,
    es: (n: number) => `Importar ${cases.es(n)}`,
  },
  import_doing: {
    en: 'Importing… please leave this page open',
    es: 'Importando… deje esta página abierta',
  },
  import_done: { en: 'Imported', es: 'Importado' },
  import_done_text: {
    en: (n: number, rows: number) => `${cases.en(n)} with ${notes.en(rows)} are now on this tablet.`,
    es: (n: number, rows: number) => `${cases.es(n)} con ${notes.es(rows)} están ahora en esta tableta.`,
  },
  import_tick_first: {
    en: 'Confirm the points above first.',
    es: 'Confirme primero los puntos de arriba.',
  },
  import_table: { en: 'First rows, scrolls sideways', es: 'Primeras filas, se desplaza hacia los lados' },
} as const satisfies Section;
