// Words of the calendar: days and weeks, whose appointments, travel and clashes.

import { plural } from '../plural';
import type { Section } from '../section';

export const calendarTexts = {
  calendar_title: { en: 'Calendar', es: 'Agenda' },
  calendar_day: { en: 'Day', es: 'Día' },
  calendar_week: { en: 'Week', es: 'Semana' },
  calendar_span: { en: 'How much at once', es: 'Cuánto a la vez' },
  calendar_whose: { en: 'Whose', es: 'De quién' },
  calendar_mine: { en: 'Mine', es: 'Mías' },
  calendar_team: { en: 'Team', es: 'Equipo' },
  calendar_today: { en: 'Today', es: 'Hoy' },
  calendar_before: { en: 'Earlier', es: 'Antes' },
  calendar_after: { en: 'Later', es: 'Después' },
  calendar_count: {
    en: (n: number) => plural('en', n, { one: '1 appointment', other: `${n} appointments` }),
    es: (n: number) => plural('es', n, { one: '1 cita', other: `${n} citas` }),
  },
  calendar_clashes: {
    en: (n: number) => plural('en', n, { one: '1 of them clashes', other: `${n} of them clash` }),
    es: (n: number) => plural('es', n, { one: '1 coincide con otra', other: `${n} coinciden con otras` }),
  },
  calendar_clash: { en: 'Clash', es: 'Coincide' },
  calendar_none: { en: 'Nothing', es: 'Nada' },
  calendar_travel: { en: (n: number) => `Travel ${n} min`, es: (n: number) => `Viaje ${n} min` },
  calendar_add: { en: 'New appointment', es: 'Cita nueva' },
  calendar_add_case: { en: 'For which case?', es: '¿Para qué caso?' },
  calendar_is_today: { en: 'today', es: 'hoy' },
  calendar_by_hour: { en: 'Appointments by hour', es: 'Citas por hora' },
  calendar_add_title: { en: 'Choose the case; the form follows.', es: 'Elija el caso; después sigue el formulario.' },
} as const satisfies Section;
