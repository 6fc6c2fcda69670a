// What a person reads when something was not done: what it is, and what to do next. One text for
// each code of `Failure` and of the relay's `Refusal`.

import type { Section } from '../section';

export const failureTexts = {
  fail_locked: { en: 'Satchel is locked. Unlock it and try again.', es: 'Satchel está bloqueado. Desbloquéelo e inténtelo de nuevo.' },
  fail_wrong_moment: {
    en: 'That is not possible at this moment. Reload the page and try again.',
    es: 'Eso no es posible en este momento. Recargue la página e inténtelo de nuevo.',
  },
  fail_wrong_passphrase: {
    en: 'This passphrase does not open it. Check capital letters and spaces, and type it again.',
    es: 'Esta frase no lo abre. Revise mayúsculas y espacios y escríbala otra vez.',
  },
  fail_short_passphrase: {
    en: (min: number) => `Too short: use at least ${min} characters, best several words.`,
    es: (min: number) => `Demasiado corta: use al menos ${min} caracteres, mejor varias palabras.`,
  },
  fail_bad_link: {
    en: 'This link is incomplete or not from Satchel. Copy the whole link again, or scan the QR code.',
    es: 'Este enlace está incompleto o no es de Satchel. Copie otra vez el enlace entero o escanee el código QR.',
  },
  fail_not_found: {
    en: 'This is not on this tablet. Connect once so that it can arrive, or go back to your cases.',
    es: 'Esto no está en esta tableta. Conéctese una vez para que llegue, o vuelva a sus casos.',
  },
  fail_not_allowed: {
    en: 'Your role does not allow that. Ask your supervisor to do it.',
    es: 'Su función no lo permite. Pida a su supervisor que lo haga.',
  },
  fail_empty: { en: (label: string) => `Fill in: ${label}.`, es: (label: string) => `Rellene: ${label}.` },
  fail_too_long: {
    en: (label: string, max: number) => `${label} is too long (at most about ${max} characters). Shorten it or split it.`,
    es: (label: string, max: number) => `${label}: demasiado largo (como máximo unos ${max} caracteres). Acórtelo o divídalo.`,
  },
  fail_unknown_field: {
    en: (label: string) => `This version of Satchel has no field “${label}”. Reload the page to update it.`,
    es: (label: string) => `Esta versión de Satchel no tiene el campo «${label}». Recargue la página para actualizarla.`,
  },
  fail_bad_value: {
    en: (label: string) => `${label}: this does not fit here. Check it and enter it again.`,
    es: (label: string) => `${label}: esto no es válido aquí. Revíselo y escríbalo otra vez.`,
  },
  fail_bad_value_number: {
    en: (label: string, from: string, to: string) => `${label}: enter a whole number from ${from} to ${to}.`,
    es: (label: string, from: string, to: string) => `${label}: escriba un número entero de ${from} a ${to}.`,
  },
  fail_bad_value_end: {
    en: (label: string) => `${label}: choose a time after the start.`,
    es: (label: string) => `${label}: elija una hora posterior al inicio.`,
  },
  fail_bad_value_past: {
    en: (label: string) => `${label}: choose a time that is past.`,
    es: (label: string) => `${label}: elija una hora ya pasada.`,
  },
  fail_changed_since: {
    en: 'Somebody has changed it since, so this was not done. Look at what it says now, and set what is right.',
    es: 'Alguien lo ha cambiado después, así que no se ha hecho nada. Mire lo que dice ahora y ponga lo correcto.',
  },
  fail_bad_transition: {
    en: 'Somebody has changed its state meanwhile, so this is not possible any more. Look at it again.',
    es: 'Alguien ha cambiado su estado mientras tanto y esto ya no es posible. Mírelo otra vez.',
  },
  fail_not_ready: {
    en: 'This tablet has not heard from the server yet. Connect once, wait a moment, and try again.',
    es: 'Esta tableta aún no ha recibido nada del servidor. Conéctese una vez, espere un momento e inténtelo de nuevo.',
  },
  fail_import_too_big: {
    en: (mb: number) => `The file is larger than ${mb} MB. Export it in parts and import these one by one.`,
    es: (mb: number) => `El archivo supera los ${mb} MB. Expórtelo por partes e impórtelas una a una.`,
  },
  fail_import_encoding: {
    en: (line: number) => `The file is not UTF-8 text (first problem in line ${line}). Export it again as “CSV UTF-8”.`,
    es: (line: number) => `El archivo no es texto UTF-8 (primer problema en la línea ${line}). Expórtelo de nuevo como «CSV UTF-8».`,
  },
  fail_import_missing_column: {
    en: (column: string, found: string) => `The file has no column “${column}”. It has: ${found}. Rename the column and choose the file again.`,
    es: (column: string, found: string) => `El archivo no tiene la columna «${column}». Tiene: ${found}. Cambie el nombre de la columna y elija el archivo otra vez.`,
  },
  fail_import_truncated: {
    en: (line: number) => `The file is cut off or broken at line ${line}. Nothing was taken in. Export it again.`,
    es: (line: number) => `El archivo está cortado o dañado en la línea ${line}. No se importó nada. Expórtelo de nuevo.`,
  },
  fail_import_cell_too_long: {
    en: (line: number) => `A cell in line ${line} is too long for one note. Split it into several rows and choose the file again.`,
    es: (line: number) => `Una celda de la línea ${line} es demasiado larga para una nota. Divídala en varias filas y elija el archivo otra vez.`,
  },
  fail_import_empty: {
    en: 'The file has no rows. Check the export and choose the file again.',
    es: 'El archivo no tiene filas. Revise la exportación y elija el archivo otra vez.',
  },
  fail_damaged: {
    en: 'What this tablet has stored could not be read. Restart it and try again; if it stays so, tell your administrator. Do not clear the browser’s data.',
    es: 'No se pudo leer lo guardado en esta tableta. Reiníciela e inténtelo de nuevo; si continúa, avise a su administrador. No borre los datos del navegador.',
  },
  fail_unknown: {
    en: 'Something unexpected happened. Reload the page and try again.',
    es: 'Ocurrió algo inesperado. Recargue la página e inténtelo de nuevo.',
  },

  refuse_not_found: {
    en: 'The server does not know this tablet or this case. Ask your administrator whether you still have access.',
    es: 'El servidor no conoce esta tableta o este caso. Pregunte a su administrador si aún tiene acceso.',
  },
  refuse_malformed: {
    en: 'The server could not read what was sent. Update Satchel (reload the page) and tell your administrator if it stays so.',
    es: 'El servidor no pudo leer lo enviado. Actualice Satchel (recargue la página) y avise a su administrador si continúa.',
  },
  refuse_unauthorised: {
    en: 'The server says that you have no right to this. Ask your supervisor to give you access.',
    es: 'El servidor dice que no tiene permiso para esto. Pida acceso a su supervisor.',
  },
  refuse_gap: {
    en: 'Earlier work is missing on the server. It is sent again by itself; wait for the next connection.',
    es: 'Falta trabajo anterior en el servidor. Se reenvía automáticamente; espere a la próxima conexión.',
  },
  refuse_fork: {
    en: 'Another tablet seems to be a copy of this one. Stop using one of the two and tell your administrator.',
    es: 'Otra tableta parece una copia de esta. Deje de usar una de las dos y avise a su administrador.',
  },
  refuse_expired: {
    en: 'The invitation has expired or was used already. Ask for a new one.',
    es: 'La invitación ha caducado o ya se usó. Pida una nueva.',
  },
  refuse_version: {
    en: 'Satchel and the server are of different versions. Reload the page; if it stays so, tell your administrator.',
    es: 'Satchel y el servidor son de versiones distintas. Recargue la página; si continúa, avise a su administrador.',
  },
  refuse_too_much: {
    en: 'The server has reached a limit. Tell your administrator; your work stays on this tablet.',
    es: 'El servidor ha llegado a un límite. Avise a su administrador; su trabajo sigue en esta tableta.',
  },
  refuse_behind: {
    en: 'The server has lost data it once had. Your work is kept here. Tell your administrator.',
    es: 'El servidor perdió datos que tenía. Su trabajo está guardado aquí. Avise a su administrador.',
  },
  refuse_unavailable: {
    en: 'The server cannot store anything at the moment. It is tried again by itself.',
    es: 'El servidor no puede guardar nada en este momento. Se reintenta automáticamente.',
  },
  refuse_out_of_turn: {
    en: 'The conversation with the server got mixed up. It is begun again by itself.',
    es: 'La conversación con el servidor se desordenó. Se reinicia automáticamente.',
  },
  refuse_unknown: {
    en: 'The server refused. Reload the page to update Satchel, and tell your administrator if it stays so.',
    es: 'El servidor lo rechazó. Recargue la página para actualizar Satchel y avise a su administrador si continúa.',
  },
} as const satisfies Section;
