// Words of the frame around all screens: navigation, buttons, times.

import type { Section } from '../section';

export const commonTexts = {
  app: { en: 'Satchel', es: 'Satchel' },
  skip_to_content: { en: 'Skip to the content', es: 'Saltar al contenido' },
  main_menu: { en: 'Main menu', es: 'Menú principal' },
  nav_cases: { en: 'Cases', es: 'Casos' },
  nav_work: { en: 'My work', es: 'Mi trabajo' },
  nav_team: { en: 'Team', es: 'Equipo' },
  nav_me: { en: 'More', es: 'Más' },
  lock: { en: 'Lock', es: 'Bloquear' },
  back: { en: 'Back', es: 'Volver' },
  back_to: { en: (where: string) => `Back to ${where}`, es: (where: string) => `Volver a ${where}` },
  save: { en: 'Save', es: 'Guardar' },
  cancel: { en: 'Cancel', es: 'Cancelar' },
  close: { en: 'Close', es: 'Cerrar' },
  undo: { en: 'Undo', es: 'Deshacer' },
  try_again: { en: 'Try again', es: 'Intentar de nuevo' },
  loading: { en: 'Loading…', es: 'Cargando…' },
  working: { en: 'One moment…', es: 'Un momento…' },
  optional: { en: 'optional', es: 'opcional' },
  show: { en: 'Show', es: 'Mostrar' },
  hide: { en: 'Hide', es: 'Ocultar' },
  copy: { en: 'Copy', es: 'Copiar' },
  copied: { en: 'Copied', es: 'Copiado' },
  not_copied: {
    en: 'It could not be copied. Press and hold the link to copy it.',
    es: 'No se pudo copiar. Mantenga pulsado el enlace para copiarlo.',
  },
  language: { en: 'Language', es: 'Idioma' },
  you: { en: 'you', es: 'usted' },
  today_at: { en: (time: string) => `today, ${time}`, es: (time: string) => `hoy, ${time}` },
  yesterday_at: { en: (time: string) => `yesterday, ${time}`, es: (time: string) => `ayer, ${time}` },
  just_now: { en: 'just now', es: 'ahora mismo' },
  something_wrong: { en: 'That did not work', es: 'No ha funcionado' },
  not_found_title: { en: 'There is nothing here', es: 'Aquí no hay nada' },
  not_found_text: {
    en: 'This page does not exist. Go back to your cases.',
    es: 'Esta página no existe. Vuelva a sus casos.',
  },
  to_cases: { en: 'To my cases', es: 'A mis casos' },

  role_auditor: { en: 'Auditor (reads only)', es: 'Auditor (solo lee)' },
  role_worker: { en: 'Caseworker', es: 'Trabajador de casos' },
  role_supervisor: { en: 'Supervisor', es: 'Supervisor' },
  role_admin: { en: 'Administrator', es: 'Administrador' },
} as const satisfies Section;
