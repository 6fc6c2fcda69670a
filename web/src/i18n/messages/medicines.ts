// Words of the agency's own table of medicines.

import { plural } from '../plural';
import type { Section } from '../section';

const interactions = {
  en: (n: number) => plural('en', n, { one: '1 interaction', other: `${n} interactions` }),
  es: (n: number) => plural('es', n, { one: '1 interacción', other: `${n} interacciones` }),
};
const rows = {
  en: (n: number) => plural('en', n, { one: '1 row', other: `${n} rows` }),
  es: (n: number) => plural('es', n, { one: '1 fila', other: `${n} filas` }),
};

export const medicineTexts = {
  medicines_title: { en: 'Medicine table', es: 'Tabla de medicamentos' },
  medicines_text: {
    en: 'Satchel checks lists of medicines by a table of its own. Your agency can add medicines, names and interactions to it. What Satchel’s own table warns of cannot be taken away here.',
    es: 'Satchel revisa las listas de medicamentos con una tabla propia. Su agencia puede añadirle medicamentos, nombres e interacciones. Lo que avisa la tabla de Satchel no se puede quitar aquí.',
  },
  medicines_in_use: { en: 'Your agency’s rows', es: 'Las filas de su agencia' },
  medicines_none: {
    en: (version: string) => `There are none: only Satchel’s own table of ${version} is used.`,
    es: (version: string) => `No hay ninguna: solo se usa la tabla propia de Satchel, del ${version}.`,
  },
  medicines_by: {
    en: (name: string, when: string) => `Loaded by ${name}, ${when}`,
    es: (name: string, when: string) => `Cargada por ${name}, ${when}`,
  },
  medicines_somebody: { en: 'somebody', es: 'alguien' },
  medicines_ignored: {
    en: (name: string, when: string) =>
      `${name} has written another table (${when}), but is not an administrator. It is not used. Ask them what happened.`,
    es: (name: string, when: string) =>
      `${name} escribió otra tabla (${when}), pero no tiene función de administración. No se usa. Pregúntele qué pasó.`,
  },
  medicines_interactions: interactions,
  medicines_names: {
    en: (n: number) => plural('en', n, { one: '1 row of names', other: `${n} rows of names` }),
    es: (n: number) => plural('es', n, { one: '1 fila de nombres', other: `${n} filas de nombres` }),
  },
  medicines_others: {
    en: (n: number) => plural('en', n, { one: '1 other row', other: `${n} other rows` }),
    es: (n: number) => plural('es', n, { one: '1 fila de otra clase', other: `${n} filas de otras clases` }),
  },
  medicines_show: { en: 'Show the interactions', es: 'Mostrar las interacciones' },
  medicines_with: { en: 'with', es: 'con' },
  medicines_refused: {
    en: (n: number) => plural('en', n, { one: '1 row is not used', other: `${n} rows are not used` }),
    es: (n: number) => plural('es', n, { one: '1 fila no se usa', other: `${n} filas no se usan` }),
  },
  medicines_file_refused: { en: 'The file is not used', es: 'El archivo no se usa' },
  medicines_refused_hint: {
    en: 'Correct them in the file and choose it again. All other rows hold.',
    es: 'Corríjalas en el archivo y elíjalo de nuevo. Todas las demás filas valen.',
  },
  medicines_refused_tick: { en: 'Use the others without these', es: 'Usar las demás sin estas' },
  medicines_tick_first: {
    en: 'Confirm first that the refused rows are left out.',
    es: 'Confirme primero que las filas rechazadas se dejan fuera.',
  },
  medicines_choose: { en: 'Choose a CSV file', es: 'Elegir un archivo CSV' },
  medicines_other: { en: 'Choose another file', es: 'Elegir otro archivo' },
  medicines_preview: { en: 'What is in the file', es: 'Lo que contiene el archivo' },
  medicines_nothing: { en: 'No row can be used.', es: 'No se puede usar ninguna fila.' },
  medicines_too_big: {
    en: (kib: number) => `The file is larger than ${kib} KiB. Split off what is not needed.`,
    es: (kib: number) => `El archivo supera los ${kib} KiB. Separe lo que no hace falta.`,
  },
  medicines_use: {
    en: (n: number) => `Use ${rows.en(n)} in the whole agency`,
    es: (n: number) => `Usar ${rows.es(n)} en toda la agencia`,
  },
  medicines_replaces: {
    en: 'They take the place of all the rows that your agency has now.',
    es: 'Sustituyen a todas las filas que su agencia tiene ahora.',
  },
  medicines_saved: {
    en: 'Saved. Every tablet checks with it as soon as it has connected.',
    es: 'Guardada. Cada tableta revisa con ella en cuanto se conecte.',
  },
  medicines_keep_file: { en: 'Save as a file', es: 'Guardar como archivo' },
  medicines_remove: { en: 'Remove these rows', es: 'Quitar estas filas' },
  medicines_remove_sure: {
    en: (n: number) => `What these rows warn of is then no longer raised: ${interactions.en(n)}. Save them as a file first if you may need them again.`,
    es: (n: number) => `Lo que avisan estas filas dejará de señalarse: ${interactions.es(n)}. Guárdelas antes como archivo si puede volver a necesitarlas.`,
  },
  medicines_remove_do: { en: 'Remove them', es: 'Quitarlas' },
  medicines_keep: { en: 'Keep them', es: 'Conservarlas' },
  medicines_removed: { en: 'Removed. Only Satchel’s own table is used.', es: 'Quitadas. Solo se usa la tabla propia de Satchel.' },

  medicines_how: { en: 'How the file is made', es: 'Cómo se hace el archivo' },
  medicines_how_text: {
    en: 'Make a sheet with one row for each thing to add, without a heading, and save it as “CSV UTF-8”. The first column says what kind of row it is, by these English words. Several names in one cell are parted by a semicolon. At most 64 KiB and 2,000 rows. A pharmacist should go through it first.',
    es: 'Haga una hoja con una fila por cada cosa que añadir, sin encabezado, y guárdela como «CSV UTF-8». La primera columna dice qué clase de fila es, con estas palabras en inglés. Varios nombres en una celda se separan con punto y coma. Como máximo 64 KiB y 2000 filas. Conviene que antes la revise un farmacéutico.',
  },
  medicines_example: { en: 'Save an example file', es: 'Guardar un archivo de ejemplo' },
  medicines_kinds: { en: 'What each column is, by kind of row', es: 'Qué es cada columna, según la clase de fila' },
  // By column, from the second on.
  'medicines_row.interaction': {
    en: 'a name of your own for it · one medicine or class · the other · contraindicated (not to be taken together) or serious · who says so · the year · what can happen',
    es: 'un nombre suyo para ella · un medicamento o una clase · el otro · contraindicated (no deben tomarse juntos) o serious (grave) · quién lo dice · el año · qué puede pasar',
  },
  'medicines_row.name': {
    en: 'a medicine by its ingredient, new or known to Satchel · its other names',
    es: 'un medicamento por su principio activo, nuevo o conocido por Satchel · sus otros nombres',
  },
  'medicines_row.product': {
    en: 'brand names · the ingredients in it',
    es: 'marcas · los principios activos que contiene',
  },
  'medicines_row.local': {
    en: 'names of products for skin, eye or ear · the ingredients in them',
    es: 'nombres de productos para piel, ojo u oído · sus principios activos',
  },
  'medicines_row.nothing': { en: 'words that name no medicine', es: 'palabras que no nombran ningún medicamento' },
  'medicines_row.class': {
    en: 'a class of medicines, new or known to Satchel · what belongs to it',
    es: 'una clase de medicamentos, nueva o conocida por Satchel · lo que pertenece a ella',
  },
  'medicines_row.absorbed': {
    en: 'ingredients that pass into the blood even from skin, eye or ear',
    es: 'principios activos que pasan a la sangre incluso desde piel, ojo u oído',
  },
  'medicines_row.lasting': {
    en: 'what still works after it was stopped · for how many days',
    es: 'lo que sigue actuando tras suspenderse · durante cuántos días',
  },
  'medicines_row.allergy': {
    en: 'a family of medicines · other words for it · what belongs to it · “spread” if an allergy to one is one to all, or empty · families that may react too',
    es: 'una familia de medicamentos · otras palabras para ella · lo que pertenece a ella · «spread» si la alergia a uno lo es a todos, o vacía · familias que también pueden reaccionar',
  },

  medicines_line: { en: (line: number) => `Line ${line}`, es: (line: number) => `Línea ${line}` },
  row_too_many: {
    en: (max: number) => `It has more than ${max} rows. Split off what is not needed.`,
    es: (max: number) => `Tiene más de ${max} filas. Separe lo que no hace falta.`,
  },
  row_quote: {
    en: 'A quotation mark is opened here and not closed on the same line, so that nobody can tell where the next row begins. Close it, or take it away.',
    es: 'Aquí se abren comillas que no se cierran en la misma línea, y no se puede saber dónde empieza la fila siguiente. Ciérrelas o quítelas.',
  },
  row_unreadable: { en: 'This is not CSV. Save the sheet as “CSV UTF-8” again.', es: 'Esto no es CSV. Guarde la hoja de nuevo como «CSV UTF-8».' },
  row_kind: {
    en: (kinds: string) => `The first column is none of: ${kinds}.`,
    es: (kinds: string) => `La primera columna no es ninguna de: ${kinds}.`,
  },
  row_missing: {
    en: (column: number) => `Column ${column} is missing or empty.`,
    es: (column: number) => `La columna ${column} falta o está vacía.`,
  },
  row_extra: {
    en: (column: number) => `Column ${column} is one too many. If a text has a comma in it, put the text in quotation marks.`,
    es: (column: number) => `La columna ${column} sobra. Si un texto lleva una coma, póngalo entre comillas.`,
  },
  row_spread: { en: 'Column 5 is “spread” or empty.', es: 'La columna 5 es «spread» o queda vacía.' },
  row_severity: { en: 'Column 5, how grave, is contraindicated or serious.', es: 'La columna 5, la gravedad, es «contraindicated» o «serious».' },
  row_number: {
    en: (column: number) => `Column ${column} has to be a whole number.`,
    es: (column: number) => `La columna ${column} tiene que ser un número entero.`,
  },
  row_unknown: {
    en: (name: string) => `“${name}” is not known. Check the spelling, or add a row “name” or “class” for it.`,
    es: (name: string) => `No se conoce «${name}». Revise la escritura o añada una fila «name» o «class» para ello.`,
  },
  row_taken: {
    en: (name: string) => `“${name}” means something else already, here or in Satchel’s own table. Use another name.`,
    es: (name: string) => `«${name}» ya significa otra cosa, aquí o en la tabla de Satchel. Use otro nombre.`,
  },
  row_twice: {
    en: (name: string) => `Another interaction is called “${name}” already. Give this one another name in column 2.`,
    es: (name: string) => `Ya hay otra interacción llamada «${name}». Dé a esta otro nombre en la columna 2.`,
  },
} as const satisfies Section;
