// Words of the way in: choosing a person, joining, setting up, unlocking, and what stands in the way.

import type { Section } from '../section';

export const entryTexts = {
  starting: { en: 'Opening Satchel…', es: 'Abriendo Satchel…' },
  dismissed_title: { en: 'This tablet was taken out of the agency', es: 'Esta tableta quedó fuera de la agencia' },
  dismissed_text: {
    en: 'Somebody who leads took it out. What had been written on it was handed over first; its records are erased. With a new invitation you can join again.',
    es: 'Una persona responsable la sacó. Antes se entregó lo que se había escrito en ella; sus registros se borraron. Con una invitación nueva puede volver a unirse.',
  },
  dismissed_go_on: { en: 'Go on', es: 'Continuar' },
  welcome_title: { en: 'Welcome to Satchel', es: 'Bienvenido a Satchel' },
  welcome_text: {
    en: 'Your case records, on this tablet, with or without a network. Only your team can read them.',
    es: 'Los expedientes de sus casos en esta tableta, con red o sin ella. Solo su equipo puede leerlos.',
  },
  welcome_join: { en: 'Join with a link or QR code', es: 'Unirse con un enlace o código QR' },
  welcome_join_hint: {
    en: 'Somebody on your team has given you an invitation',
    es: 'Alguien de su equipo le ha dado una invitación',
  },
  welcome_setup: { en: 'Set up an agency', es: 'Configurar una organización' },
  welcome_setup_hint: {
    en: 'You have the set-up link of a new server',
    es: 'Usted tiene el enlace de configuración de un servidor nuevo',
  },
  pick_title: { en: 'Who are you?', es: '¿Quién es usted?' },
  pick_list: { en: 'People on this tablet', es: 'Personas en esta tableta' },
  unnamed: { en: 'Name not here yet', es: 'El nombre aún no ha llegado' },
  added_at: {
    en: (time: string) => `Added ${time}`,
    es: (time: string) => `Añadido: ${time}`,
  },
  add_person: { en: 'Add somebody to this tablet', es: 'Añadir a alguien a esta tableta' },

  join_title: { en: 'Join your team', es: 'Unirse a su equipo' },
  join_what: { en: 'What will happen', es: 'Qué va a pasar' },
  join_step_1: {
    en: 'This tablet makes its own keys. They never leave it.',
    es: 'Esta tableta crea sus propias claves. Nunca salen de ella.',
  },
  join_step_2: {
    en: 'You choose a passphrase. It opens your cases on this tablet, also without a network.',
    es: 'Usted elige una frase de contraseña. Abre sus casos en esta tableta, también sin red.',
  },
  join_step_3: {
    en: 'As soon as there is a network, your cases arrive.',
    es: 'En cuanto haya red, llegan sus casos.',
  },
  link: { en: 'Invitation link', es: 'Enlace de invitación' },
  link_hint: {
    en: 'Paste it here, or scan the QR code that your team shows you.',
    es: 'Péguelo aquí o escanee el código QR que le muestre su equipo.',
  },
  link_have: { en: 'The invitation is here.', es: 'La invitación está aquí.' },
  link_other: { en: 'Use another one', es: 'Usar otra' },
  scan: { en: 'Scan a QR code', es: 'Escanear un código QR' },
  scan_stop: { en: 'Stop the camera', es: 'Detener la cámara' },
  scan_look: { en: 'Hold the QR code in front of the camera', es: 'Ponga el código QR delante de la cámara' },
  scan_starting: { en: 'Starting the camera…', es: 'Encendiendo la cámara…' },
  scan_found: { en: 'Code read.', es: 'Código leído.' },
  scan_no_camera: {
    en: 'No camera was found. Paste the link instead.',
    es: 'No se encontró ninguna cámara. Pegue el enlace.',
  },
  scan_denied: {
    en: 'The camera is not allowed. Allow it in the browser’s settings, or paste the link.',
    es: 'La cámara no está permitida. Permítala en los ajustes del navegador o pegue el enlace.',
  },
  scan_broken: {
    en: 'The camera did not start. Close other apps that use it, or paste the link.',
    es: 'La cámara no arrancó. Cierre otras aplicaciones que la usen o pegue el enlace.',
  },
  scan_foreign: {
    en: 'This code is not a Satchel invitation. Ask for the right one.',
    es: 'Este código no es una invitación de Satchel. Pida el correcto.',
  },
  join_do: { en: 'Join', es: 'Unirse' },
  joining: { en: 'Making keys… this takes some seconds', es: 'Creando claves… tarda unos segundos' },

  setup_title: { en: 'Set up an agency', es: 'Configurar una organización' },
  setup_text: {
    en: 'You become its first administrator. Afterwards you invite the others.',
    es: 'Usted será su primer administrador. Después invitará a los demás.',
  },
  setup_link: { en: 'Set-up link', es: 'Enlace de configuración' },
  setup_link_hint: {
    en: 'The server printed it when it was started for the first time.',
    es: 'El servidor lo mostró al arrancar por primera vez.',
  },
  setup_agency: { en: 'Name of the agency', es: 'Nombre de la organización' },
  setup_name: { en: 'Your name, as the team knows it', es: 'Su nombre, como lo conoce el equipo' },
  setup_do: { en: 'Set up', es: 'Configurar' },

  passphrase: { en: 'Passphrase', es: 'Frase de contraseña' },
  passphrase_again: { en: 'The same passphrase again', es: 'La misma frase otra vez' },
  passphrase_choose: { en: 'Choose a passphrase', es: 'Elija una frase de contraseña' },
  passphrase_hint: {
    en: 'Several words are best, at least 15 characters. Nobody can bring it back for you: if you forget it, you need a new invitation.',
    es: 'Lo mejor son varias palabras, al menos 15 caracteres. Nadie puede recuperarla: si la olvida, necesitará otra invitación.',
  },
  passphrase_show: { en: 'Show the passphrase', es: 'Mostrar la frase' },
  passphrase_hide: { en: 'Hide the passphrase', es: 'Ocultar la frase' },
  passphrase_differs: {
    en: 'The two passphrases are not the same. Type them again.',
    es: 'Las dos frases no son iguales. Escríbalas otra vez.',
  },
  passphrase_missing: { en: 'Type your passphrase.', es: 'Escriba su frase de contraseña.' },

  unlock_title: { en: 'Unlock', es: 'Desbloquear' },
  unlock_for: { en: (name: string) => `Hello, ${name}`, es: (name: string) => `Hola, ${name}` },
  unlock_do: { en: 'Unlock', es: 'Desbloquear' },
  unlocking: { en: 'Opening… this takes a moment', es: 'Abriendo… tarda un momento' },
  unlock_locked_text: {
    en: 'Your work is kept on this tablet. It is still being sent while locked.',
    es: 'Su trabajo está guardado en esta tableta. Se sigue enviando aunque esté bloqueada.',
  },
  pause_text: {
    en: (time: string) => `Too many wrong tries. You can try again in ${time}.`,
    es: (time: string) => `Demasiados intentos fallidos. Podrá intentarlo de nuevo en ${time}.`,
  },
  pause_over: { en: 'You can try again now.', es: 'Ya puede intentarlo de nuevo.' },
  someone_else: { en: 'I am somebody else', es: 'Soy otra persona' },

  elsewhere_title: { en: 'Satchel is open in another window', es: 'Satchel está abierto en otra ventana' },
  elsewhere_text: {
    en: 'Only one window may work with your records at a time. What you wrote there is kept.',
    es: 'Solo una ventana puede trabajar con sus expedientes a la vez. Lo que escribió allí se conserva.',
  },
  elsewhere_do: { en: 'Use it here', es: 'Usarlo aquí' },

  failed_title: { en: 'Satchel cannot go on', es: 'Satchel no puede continuar' },
  failed_storage_full: {
    en: 'This tablet’s storage is full. What was saved before is safe. Free some space (photos, videos, other apps), then try again.',
    es: 'El almacenamiento de esta tableta está lleno. Lo guardado antes está a salvo. Libere espacio (fotos, vídeos, otras aplicaciones) e inténtelo de nuevo.',
  },
  failed_storage: {
    en: 'This tablet could not read or write its storage. Close other windows and try again. If it stays so, restart the tablet. Do not clear the browser’s data: your unsent work is in there.',
    es: 'Esta tableta no pudo leer o escribir su almacenamiento. Cierre otras ventanas e inténtelo de nuevo. Si continúa, reinicie la tableta. No borre los datos del navegador: ahí está su trabajo sin enviar.',
  },
  failed_crashed: {
    en: 'Something broke inside Satchel. What was saved is safe. Try again; if it happens repeatedly, tell your administrator.',
    es: 'Algo falló dentro de Satchel. Lo guardado está a salvo. Inténtelo de nuevo; si se repite, avise a su administrador.',
  },
  failed_unsupported: {
    en: 'This browser cannot run Satchel. Update it, or open Satchel in a current Chrome, Edge, Firefox or Safari, not in a private window.',
    es: 'Este navegador no puede ejecutar Satchel. Actualícelo o abra Satchel en un Chrome, Edge, Firefox o Safari actual, no en una ventana privada.',
  },
} as const satisfies Section;
