// Words about how far work has come: the bar that is always in sight, and the page behind it.

import { listed, plural } from '../plural';
import type { Section } from '../section';

export const workTexts = {
  status_label: { en: 'State of my work', es: 'Estado de mi trabajo' },
  status_all_sent: { en: 'All sent', es: 'Todo enviado' },
  status_only_here: {
    en: (n: number) => plural('en', n, { one: '1 change only on this tablet', other: `${n} changes only on this tablet` }),
    es: (n: number) => plural('es', n, { one: '1 cambio solo en esta tableta', other: `${n} cambios solo en esta tableta` }),
  },
  status_sending: {
    en: (n: number) => plural('en', n, { one: 'Sending 1 change', other: `Sending ${n} changes` }),
    es: (n: number) => plural('es', n, { one: 'Enviando 1 cambio', other: `Enviando ${n} cambios` }),
  },
  status_held: {
    en: (n: number) => plural('en', n, { one: '1 change not accepted', other: `${n} changes not accepted` }),
    es: (n: number) => plural('es', n, { one: '1 cambio no aceptado', other: `${n} cambios no aceptados` }),
  },
  status_offline: { en: 'offline', es: 'sin conexión' },
  status_portal: { en: 'this network wants a sign-in first', es: 'esta red pide iniciar sesión primero' },
  status_syncing: { en: 'fetching…', es: 'actualizando…' },
  status_refused: { en: 'the server refuses', es: 'el servidor se niega' },
  status_level_at: { en: (time: string) => `complete as of ${time}`, es: (time: string) => `completo hasta ${time}` },
  status_never: { en: 'waiting for the first connection', es: 'a la espera de la primera conexión' },
  status_settle: { en: (n: number) => `${n} to settle`, es: (n: number) => `${n} por resolver` },
  status_folding: {
    en: (n: number) => plural('en', n, { one: 'reading 1 case', other: `reading ${n} cases` }),
    es: (n: number) => plural('es', n, { one: 'leyendo 1 caso', other: `leyendo ${n} casos` }),
  },
  status_withheld: {
    en: 'the server has left something out: tell whoever runs it',
    es: 'el servidor ha omitido algo: avise a quien lo administra',
  },
  status_more: { en: 'tap for more', es: 'toque para ver más' },

  work_title: { en: 'My work', es: 'Mi trabajo' },
  work_now: { en: 'Right now', es: 'Ahora' },
  work_connection: { en: 'Connection', es: 'Conexión' },
  connection_offline: { en: 'No connection; it is tried again by itself', es: 'Sin conexión; se reintenta automáticamente' },
  connection_portal: {
    en: 'Something on this network answers in place of the server. Open any web page in the browser and sign in to the network; then it goes on by itself',
    es: 'Algo en esta red responde en lugar del servidor. Abra cualquier página web en el navegador e inicie sesión en la red; después sigue por sí sola',
  },
  connection_syncing: { en: 'Connected, sending and fetching', es: 'Conectada, enviando y recibiendo' },
  connection_level: { en: 'Connected, nothing left to fetch', es: 'Conectada, nada pendiente' },
  connection_refused: { en: 'Connected, but refused', es: 'Conectada, pero rechazada' },
  work_unsent: { en: 'Only on this tablet', es: 'Solo en esta tableta' },
  work_unsent_none: { en: 'Nothing', es: 'Nada' },
  changes: {
    en: (n: number) => plural('en', n, { one: '1 change', other: `${n} changes` }),
    es: (n: number) => plural('es', n, { one: '1 cambio', other: `${n} cambios` }),
  },
  work_complete: { en: 'Complete as of', es: 'Completo hasta' },
  work_complete_never: { en: 'Never yet: connect once', es: 'Todavía nunca: conéctese una vez' },
  work_storage: { en: 'Storage of this tablet', es: 'Almacenamiento de esta tableta' },
  storage_protected: { en: 'Protected: the tablet will not clear it by itself', es: 'Protegido: la tableta no lo borrará por sí misma' },
  storage_at_risk: {
    en: 'This tablet may clear saved work when it runs full. Send your work often; install Satchel on the home screen to protect it.',
    es: 'Esta tableta puede borrar trabajo guardado si se llena. Envíe su trabajo a menudo; instale Satchel en la pantalla de inicio para protegerlo.',
  },
  storage_unknown: { en: 'The browser does not say', es: 'El navegador no lo dice' },
  work_held: { en: 'Not accepted', es: 'No aceptado' },
  work_cases: { en: 'Cases in which I wrote', es: 'Casos en los que escribí' },
  work_none: { en: 'You have not written anything yet.', es: 'Todavía no ha escrito nada.' },
  work_some_here: {
    en: (mine: number, here: number) => `${plural('en', mine, { one: '1 change', other: `${mine} changes` })}, ${here} only on this tablet`,
    es: (mine: number, here: number) => `${plural('es', mine, { one: '1 cambio', other: `${mine} cambios` })}, ${here} solo en esta tableta`,
  },
  work_explain: { en: 'What do the words mean?', es: '¿Qué significan estas palabras?' },
  explain_here: {
    en: 'Saved on this tablet’s disk. Nobody else has it yet. It goes out by itself with the next connection.',
    es: 'Guardado en el disco de esta tableta. Nadie más lo tiene aún. Sale solo con la próxima conexión.',
  },
  explain_sent: {
    en: 'Also on the server, sealed: it cannot be read there. If this tablet is lost, this work is not.',
    es: 'También en el servidor, sellado: allí no se puede leer. Si se pierde esta tableta, este trabajo no.',
  },
  explain_seen: {
    en: 'A colleague’s tablet has opened it.',
    es: 'La tableta de un colega lo ha abierto.',
  },
  explain_held: {
    en: 'The server would not take it. It stays on this tablet; the reason is shown with it.',
    es: 'El servidor no lo aceptó. Sigue en esta tableta; el motivo se muestra al lado.',
  },
  work_restored: { en: 'The server was put back from a backup', es: 'El servidor se restauró de una copia' },
  work_restored_handed: {
    en: (n: number, by: readonly string[]) =>
      n === 0
        ? 'Nothing that tablets hold was missing so far.'
        : `${plural('en', n, { one: '1 change', other: `${n} changes` })} that it had lost came back from: ${listed('en', by)}.`,
    es: (n: number, by: readonly string[]) =>
      n === 0
        ? 'Hasta ahora no faltaba nada de lo que tienen las tabletas.'
        : `${plural('es', n, { one: '1 cambio perdido volvió', other: `${n} cambios perdidos volvieron` })} desde: ${listed('es', by)}.`,
  },
  work_restored_pending: {
    en: 'This tablet is still giving back. Keep it connected.',
    es: 'Esta tableta todavía está devolviendo datos. Manténgala conectada.',
  },
  explain_complete: {
    en: '“Complete as of” is the last time this tablet had everything the server had. Later work of colleagues may be missing here.',
    es: '«Completo hasta» es la última vez que esta tableta tuvo todo lo que tenía el servidor. Puede faltar trabajo posterior de colegas.',
  },

  stage_received: { en: 'Received', es: 'Recibido' },
  stage_here: { en: 'Only on this tablet', es: 'Solo en esta tableta' },
  stage_sent: { en: 'Sent', es: 'Enviado' },
  stage_seen: { en: 'Opened by a colleague', es: 'Abierto por un colega' },
  stage_seen_by: {
    en: (names: readonly string[]) => `Opened by ${listed('en', names)}`,
    es: (names: readonly string[]) => `Abierto por ${listed('es', names)}`,
  },
  stage_held: { en: 'Not accepted by the server', es: 'No aceptado por el servidor' },

  me_title: { en: 'More', es: 'Más' },
  me_who: { en: 'You', es: 'Usted' },
  me_lock: { en: 'Lock now', es: 'Bloquear ahora' },
  me_lock_hint: {
    en: 'Your cases close. What is unsent is still sent.',
    es: 'Sus casos se cierran. Lo pendiente se sigue enviando.',
  },
  change_title: { en: 'Change your passphrase', es: 'Cambiar su frase de contraseña' },
  change_text: {
    en: 'The new one opens your cases on this tablet from now on. On your other tablets nothing changes.',
    es: 'La nueva abrirá sus casos en esta tableta a partir de ahora. En sus otras tabletas no cambia nada.',
  },
  change_old: { en: 'Your passphrase until now', es: 'Su frase hasta ahora' },
  change_do: { en: 'Change it', es: 'Cambiarla' },
  changing: { en: 'Changing… this takes some seconds', es: 'Cambiando… tarda unos segundos' },
  change_done: { en: 'Your passphrase is changed on this tablet', es: 'Su frase ha cambiado en esta tableta' },
  me_others: { en: 'Others on this tablet', es: 'Otras personas en esta tableta' },
  me_about: { en: 'About Satchel', es: 'Acerca de Satchel' },
  me_about_text: {
    en: 'Records are sealed on this tablet before they are sent. The server keeps them without being able to read them.',
    es: 'Los expedientes se sellan en esta tableta antes de enviarse. El servidor los guarda sin poder leerlos.',
  },
} as const satisfies Section;
