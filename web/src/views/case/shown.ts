// A field's value as it is shown: dates in the person's language, listed values in words.

import { language, valueText } from '../../i18n';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

export function shown(key: string, value: string): string {
  if (key === 'birth_date' && DATE.test(value)) {
    const day = new Date(`${value}T12:00:00Z`);
    if (!Number.isNaN(day.getTime())) {
      return new Intl.DateTimeFormat(language.current, { dateStyle: 'long', timeZone: 'UTC' }).format(day);
    }
  }
  return valueText(key, value);
}
