// Words of comparing six words: for whoever has joined, for the team, and for the alarm when two tablets
// used one invitation.

import type { Section } from '../section';

export const confirmTexts = {
  unconfirmed: { en: 'not confirmed', es: 'sin confirmar' },
  words_english: { en: 'In English', es: 'En inglés' },
  words_spanish: { en: 'In Spanish', es: 'En español' },
  standing_bar: {
    en: 'Not confirmed yet: compare six words with whoever invited you',
    es: 'Aún sin confirmar: compare seis palabras con quien le invitó',
  },
  void_bar: {
    en: 'Somebody else used your invitation too: compare six words',
    es: 'Alguien más usó su invitación: compare seis palabras',
  },
  standing_title: { en: 'Your six words', es: 'Sus seis palabras' },
  standing_text: {
    en: 'Read them to whoever invited you, face to face or on the phone. The same six must stand on their Team page. You can work meanwhile; what you write is marked as not confirmed until then.',
    es: 'Léaselas a quien le invitó, en persona o por teléfono. Las mismas seis deben estar en su página de Equipo. Mientras tanto puede trabajar; lo que escriba queda marcado como sin confirmar.',
  },
  void_text: {
    en: 'Two tablets used the same invitation, so neither gets anything new for now. Call whoever invited you and read them these six words: they choose your tablet by them. What you have written is kept, and you can go on writing.',
    es: 'Dos tabletas usaron la misma invitación, así que por ahora ninguna recibe nada nuevo. Llame a quien le invitó y léale estas seis palabras: con ellas elegirá su tableta. Lo que escribió se conserva y puede seguir escribiendo.',
  },
  confirm_wish: { en: 'Not confirmed yet: compare words', es: 'Sin confirmar: compare las palabras' },
  confirm_meaning: {
    en: (name: string) =>
      `Ask ${name}, face to face or on the phone, to read the six words on their tablet (under “My work”). Confirm only if they are exactly these:`,
    es: (name: string) =>
      `Pida a ${name}, en persona o por teléfono, que lea las seis palabras de su tableta (en «Mi trabajo»). Confirme solo si son exactamente estas:`,
  },
  confirm_deed: { en: 'All six are the same: confirm', es: 'Las seis coinciden: confirmar' },
  confirm_done: { en: (name: string) => `${name}’s tablet is confirmed`, es: (name: string) => `La tableta de ${name} queda confirmada` },
  confirm_differ: {
    en: 'If one word differs, somebody else is behind that tablet: take it out, and invite again.',
    es: 'Si una palabra es distinta, detrás de esa tableta hay otra persona: sáquela e invite de nuevo.',
  },
  alarm_title: { en: 'Two tablets used one invitation', es: 'Dos tabletas usaron una invitación' },
  alarm_text: {
    en: (name: string) =>
      `Somebody besides ${name} may have the code. Neither tablet gets anything new until you decide. Call ${name} and ask for the six words on their tablet, then confirm the one that shows them; the other one is taken out. If neither does, take the invitation back.`,
    es: (name: string) =>
      `Es posible que alguien más que ${name} tenga el código. Ninguna de las dos tabletas recibe nada nuevo hasta que usted decida. Llame a ${name}, pregunte por las seis palabras de su tableta y confirme la que las muestra; la otra quedará fuera. Si ninguna las muestra, retire la invitación.`,
  },
  alarm_ask: {
    en: 'Tell an admin or supervisor: they decide which tablet is the right one.',
    es: 'Avise a alguien de administración o supervisión: decidirá cuál es la tableta correcta.',
  },
  alarm_one: { en: (n: number) => `Tablet ${n} shows`, es: (n: number) => `La tableta ${n} muestra` },
  alarm_meaning: {
    en: 'Confirm only if the person has just read you exactly these six words. The other tablet is taken out for good.',
    es: 'Confirme solo si la persona acaba de leerle exactamente estas seis palabras. La otra tableta queda fuera para siempre.',
  },
  alarm_cancel: {
    en: 'Both tablets are taken out. Then invite this person again, and show the code to nobody else.',
    es: 'Ambas tabletas quedan fuera. Después invite de nuevo a esta persona y no muestre el código a nadie más.',
  },
} as const satisfies Section;
