// Words of the team page and of inviting somebody.

import { plural } from '../plural';
import type { Section } from '../section';

export const teamTexts = {
  team_title: { en: 'Team', es: 'Equipo' },
  team_people: { en: 'People with a tablet', es: 'Personas con tableta' },
  team_only_you: { en: 'Only you so far.', es: 'Por ahora, solo usted.' },
  team_invites: { en: 'Invitations', es: 'Invitaciones' },
  invite_until: { en: (when: string) => `open until ${when}`, es: (when: string) => `abierta hasta ${when}` },
  invite_over: { en: 'expired: invite them again', es: 'caducada: invítele de nuevo' },
  revoke_wish: { en: 'Lost, or not to be used any more?', es: '¿Perdida, o ya no debe usarse?' },
  revoke_meaning: {
    en: (name: string) =>
      `${name}’s tablet will be taken out of the agency for good: it reads nothing that is written from now on, and when it next finds the relay it hands over what was written on it and then erases its records. ${name} can come back with a new invitation.`,
    es: (name: string) =>
      `La tableta de ${name} quedará fuera de la agencia para siempre: no leerá nada de lo que se escriba desde ahora y, cuando vuelva a encontrar el servidor, entregará lo escrito en ella y borrará sus registros. ${name} puede volver con una invitación nueva.`,
  },
  revoke_deed: { en: 'Take this tablet out', es: 'Sacar esta tableta' },
  revoke_done: { en: (name: string) => `${name}’s tablet is taken out`, es: (name: string) => `La tableta de ${name} queda fuera` },
  cancel_wish: { en: 'Take it back', es: 'Retirarla' },
  cancel_meaning: { en: 'The code and the link will let nobody in any more.', es: 'El código y el enlace ya no dejarán entrar a nadie.' },
  cancel_deed: { en: 'Take the invitation back', es: 'Retirar la invitación' },
  cancel_done: { en: (name: string) => `${name}’s invitation is taken back`, es: (name: string) => `La invitación de ${name} queda retirada` },
  invite_title: { en: 'Invite somebody', es: 'Invitar a alguien' },
  invite_name: { en: 'Their name', es: 'Su nombre' },
  invite_name_hint: { en: 'As the team will read it', es: 'Como lo leerá el equipo' },
  invite_role: { en: 'They join as', es: 'Se une como' },
  invite_share: {
    en: (n: number) =>
      plural('en', n, { one: 'Let them into the case that I am in', other: `Let them into all ${n} cases that I am in` }),
    es: (n: number) =>
      plural('es', n, { one: 'Darle acceso al caso en el que estoy', other: `Darle acceso a los ${n} casos en los que estoy` }),
  },
  invite_share_hint: {
    en: 'They will read everything in them, also what was written before.',
    es: 'Leerá todo lo que contienen, también lo escrito antes.',
  },
  invite_do: { en: 'Make the invitation', es: 'Crear la invitación' },
  invite_ready: { en: (name: string) => `Invitation for ${name}`, es: (name: string) => `Invitación para ${name}` },
  invite_scan: {
    en: 'On their tablet: open Satchel, tap “Join”, and scan this code.',
    es: 'En su tableta: abrir Satchel, tocar «Unirse» y escanear este código.',
  },
  invite_qr: { en: 'QR code of the invitation', es: 'Código QR de la invitación' },
  invite_link: { en: 'Or send the link', es: 'O envíe el enlace' },
  invite_expires: { en: (when: string) => `It works until ${when}.`, es: (when: string) => `Vale hasta ${when}.` },
  invite_warning: {
    en: 'Whoever has this code or link can join in their name. Show it to nobody else, and do not post it where others read.',
    es: 'Quien tenga este código o enlace puede unirse en su nombre. No lo muestre a nadie más ni lo publique donde otros lean.',
  },
  invite_done: { en: 'Done', es: 'Listo' },
  invite_name_missing: { en: 'Give the person’s name.', es: 'Ponga el nombre de la persona.' },
} as const satisfies Section;
