// Words of the recovery kit: on the screen, on the two printed sheets, and for restoring from them. What
// begins with `paper` is printed in every language at once.

import type { Section } from '../section';

export const kitTexts = {
  kit_title: { en: 'Recovery kit', es: 'Kit de recuperación' },
  kit_bar: { en: 'Print the recovery kit: without it, lost tablets mean lost records', es: 'Imprima el kit de recuperación: sin él, perder las tabletas es perder los registros' },
  kit_what: {
    en: 'Two sheets of paper that bring the agency back if every tablet of those who lead is lost. Nobody else can do it, not even whoever runs the server. Keep the sheets in two different places: whoever has both can read everything.',
    es: 'Dos hojas de papel con las que la agencia se recupera si se pierden todas las tabletas de quienes la dirigen. Nadie más puede hacerlo, ni siquiera quien administra el servidor. Guárdelas en dos lugares distintos: quien tenga ambas puede leerlo todo.',
  },
  kit_show: { en: 'Show the two sheets', es: 'Mostrar las dos hojas' },
  kit_show_hint: {
    en: 'Make sure that nobody else sees the screen, and print on a printer that you trust.',
    es: 'Asegúrese de que nadie más vea la pantalla e imprima en una impresora de confianza.',
  },
  kit_print: { en: 'Print both sheets', es: 'Imprimir las dos hojas' },
  kit_hide: { en: 'Hide the sheets', es: 'Ocultar las hojas' },
  kit_check_title: { en: 'Read them back', es: 'Compruébelas' },
  kit_check_text: {
    en: 'From the printed paper, not from the screen: a sheet that cannot be read helps nobody.',
    es: 'Desde el papel impreso, no desde la pantalla: una hoja que no se lee no sirve a nadie.',
  },
  kit_word: { en: (n: number) => `Word ${n}`, es: (n: number) => `Palabra ${n}` },
  kit_check_do: { en: 'Check', es: 'Comprobar' },
  kit_check_begin: { en: 'I have printed it: read it back', es: 'Ya la imprimí: comprobarla' },
  kit_checked: { en: 'Read back', es: 'Comprobada' },
  kit_drop_title: { en: 'Delete the secrets from this tablet', es: 'Borrar los secretos de esta tableta' },
  kit_drop_text: {
    en: 'Both sheets were read back. From now on the paper is enough: with the secrets deleted, whoever steals this tablet cannot take over the agency. The kit cannot be printed again afterwards.',
    es: 'Ambas hojas se comprobaron. Desde ahora basta el papel: con los secretos borrados, quien robe esta tableta no podrá apoderarse de la agencia. Después el kit no se podrá volver a imprimir.',
  },
  kit_drop_do: { en: 'Delete them', es: 'Borrarlos' },
  kit_dropped: { en: 'The secrets are deleted from this tablet', es: 'Los secretos se borraron de esta tableta' },
  kit_none: {
    en: 'The secrets of the kit are not on this tablet: they are on the paper, or on the tablet of whoever set up the agency.',
    es: 'Los secretos del kit no están en esta tableta: están en el papel o en la tableta de quien creó la agencia.',
  },
  sheet_root: { en: 'Root sheet', es: 'Hoja raíz' },
  sheet_recovery: { en: 'Recovery sheet', es: 'Hoja de recuperación' },
  sheet_code: { en: 'QR code of the sheet', es: 'Código QR de la hoja' },

  paper_head: { en: 'Satchel: recovery kit of an agency', es: 'Satchel: kit de recuperación de una agencia' },
  paper_root: {
    en: 'ROOT SHEET (1 of 2). It makes a new administrator. It opens no records.',
    es: 'HOJA RAÍZ (1 de 2). Crea una nueva persona administradora. No abre registros.',
  },
  paper_recovery: {
    en: 'RECOVERY SHEET (2 of 2). It opens the records. It makes nobody an administrator.',
    es: 'HOJA DE RECUPERACIÓN (2 de 2). Abre los registros. No hace administradora a ninguna persona.',
  },
  paper_found: {
    en: 'If you have found this: it is a key to confidential records about people. Do not copy or photograph it, do not throw it away. Give it to the agency named below.',
    es: 'Si ha encontrado esto: es una llave de registros confidenciales sobre personas. No la copie, no la fotografíe y no la tire. Entréguela a la agencia nombrada abajo.',
  },
  paper_use: {
    en: 'To use it: on a tablet without a profile, open the address below, choose “Restore an agency”, and scan or type both sheets. Tablets that still work are not affected.',
    es: 'Para usarla: en una tableta sin perfil, abra la dirección de abajo, elija «Recuperar una agencia» y escanee o escriba las dos hojas. Las tabletas que aún funcionan no se ven afectadas.',
  },
  paper_keep: {
    en: 'Keep the two sheets in two different places, dry and locked.',
    es: 'Guarde las dos hojas en dos lugares distintos, secos y bajo llave.',
  },
  paper_agency: { en: 'Agency', es: 'Agencia' },
  paper_address: { en: 'Address', es: 'Dirección' },
  paper_printed: { en: 'Printed', es: 'Impresa' },

  restore_title: { en: 'Restore an agency', es: 'Recuperar una agencia' },
  restore_hint: { en: 'From the two sheets of its recovery kit', es: 'Con las dos hojas de su kit de recuperación' },
  restore_text: {
    en: 'This tablet becomes an administrator’s and gets back everything that was ever sent to the server. What was only on a lost tablet stays lost.',
    es: 'Esta tableta pasa a ser de administración y recupera todo lo que alguna vez se envió al servidor. Lo que solo estaba en una tableta perdida sigue perdido.',
  },
  restore_one: { en: 'Only one of the two sheets?', es: '¿Solo una de las dos hojas?' },
  restore_one_text: {
    en: 'One sheet restores nothing: the root sheet opens no records, and the recovery sheet lets nobody in. If an administrator’s or supervisor’s tablet still works, no kit is needed: ask them for an invitation. Otherwise look for the other sheet; the records stay safe on the server meanwhile.',
    es: 'Una sola hoja no recupera nada: la hoja raíz no abre registros y la de recuperación no deja entrar a nadie. Si aún funciona la tableta de alguien de administración o supervisión, no hace falta el kit: pida una invitación. Si no, busque la otra hoja; mientras tanto los registros siguen a salvo en el servidor.',
  },
  restore_words_hint: { en: 'All 24 words, in English or Spanish', es: 'Las 24 palabras, en español o inglés' },
  restore_scan: { en: (sheet: string) => `Scan it: ${sheet}`, es: (sheet: string) => `Escanearla: ${sheet}` },
  restore_address: { en: 'Address of the server', es: 'Dirección del servidor' },
  restore_address_hint: { en: 'As printed on the sheets', es: 'Como está impresa en las hojas' },
  restore_do: { en: 'Restore', es: 'Recuperar' },
  restoring_bar: { en: 'Restoring: the agency’s records are on their way', es: 'Recuperando: los registros de la agencia están en camino' },
  restoring_closed: {
    en: 'The recovery sheet is not this agency’s: nothing can be opened. Add a person on this tablet and restore with the right sheet.',
    es: 'La hoja de recuperación no es de esta agencia: no se puede abrir nada. Añada una persona en esta tableta y recupere con la hoja correcta.',
  },
  fail_bad_sheet_root: {
    en: 'These are not the words of the root sheet. Check that it is the sheet 1 of 2, and each word with its number.',
    es: 'Estas no son las palabras de la hoja raíz. Compruebe que sea la hoja 1 de 2 y cada palabra con su número.',
  },
  fail_bad_sheet_recovery: {
    en: 'These are not the words of the recovery sheet. Check that it is the sheet 2 of 2, and each word with its number.',
    es: 'Estas no son las palabras de la hoja de recuperación. Compruebe que sea la hoja 2 de 2 y cada palabra con su número.',
  },
} as const satisfies Section;
