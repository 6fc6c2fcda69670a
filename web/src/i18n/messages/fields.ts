// Labels of a case's fields, and the values that come from a fixed list. Keys as the records have them.

import type { Section } from '../section';

export const fieldTexts = {
  'field.name.given': { en: 'First name', es: 'Nombre' },
  'field.name.family': { en: 'Last name', es: 'Apellidos' },
  'field.name.preferred': { en: 'Likes to be called', es: 'Prefiere que le llamen' },
  'field.number': { en: 'Case number', es: 'Número de caso' },
  'field.birth_date': { en: 'Date of birth', es: 'Fecha de nacimiento' },
  'field.age': { en: 'Age', es: 'Edad' },
  'field.gender': { en: 'Gender', es: 'Género' },
  'field.language': { en: 'Speaks', es: 'Habla' },
  'field.interpreter': { en: 'Interpreter needed', es: 'Necesita intérprete' },
  'field.phone': { en: 'Phone', es: 'Teléfono' },
  'field.address': { en: 'Address', es: 'Dirección' },
  'field.location': { en: 'Location', es: 'Lugar' },
  'field.program': { en: 'Programme', es: 'Programa' },
  'field.status': { en: 'Status', es: 'Estado' },
  'field.acuity': { en: 'Acuity', es: 'Nivel de atención' },
  'field.summary': { en: 'Summary', es: 'Resumen' },
  'field.note': { en: 'Note', es: 'Nota' },
  'field.passphrase': { en: 'Passphrase', es: 'Frase de contraseña' },
  'field.agency': { en: 'Name of the agency', es: 'Nombre de la organización' },
  'field.name': { en: 'Name', es: 'Nombre' },
  'field.text': { en: 'Note', es: 'Nota' },

  'value.interpreter.yes': { en: 'Yes', es: 'Sí' },
  'value.interpreter.no': { en: 'No', es: 'No' },
} as const satisfies Section;
