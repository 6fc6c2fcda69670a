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
  tablet_wish: { en: 'Lost, forgotten, left?', es: '¿Perdida, olvidada, se fue?' },
  tablet_title: { en: (name: string) => `${name}’s tablet`, es: (name: string) => `La tableta de ${name}` },
  tablet_tab: { en: 'A colleague’s tablet', es: 'La tableta de una persona del equipo' },
  tablet_gone: { en: 'This tablet is not in the agency any more.', es: 'Esta tableta ya no está en la agencia.' },
  tablet_holds: {
    en: (n: number) =>
      plural('en', n, { one: 'It may hold 1 case, sealed under its passphrase.', other: `It may hold ${n} cases, sealed under its passphrase.` }),
    es: (n: number) =>
      plural('es', n, { one: 'Puede tener 1 caso, cifrado con su contraseña.', other: `Puede tener ${n} casos, cifrados con su contraseña.` }),
  },
  tablet_sent: {
    en: 'Everything that was sent is here already. What was not sent comes when that tablet next finds a network; then you decide whether it counts.',
    es: 'Todo lo enviado ya está aquí. Lo no enviado llegará cuando esa tableta vuelva a tener red; entonces usted decide si cuenta.',
  },
  replace_title: { en: 'Lost, or its passphrase forgotten', es: 'Perdida, o contraseña olvidada' },
  replace_meaning: {
    en: (name: string) =>
      `${name} gets an invitation for another tablet (or a fresh start on this one) with the same cases. The old way in is closed for good.`,
    es: (name: string) =>
      `${name} recibe una invitación para otra tableta (o para empezar de nuevo en esta) con los mismos casos. La entrada anterior queda cerrada para siempre.`,
  },
  replace_deed: { en: 'Take it out and invite to a new one', es: 'Sacarla e invitar a una nueva' },
  revoke_title: { en: 'Not to be used any more', es: 'Ya no debe usarse' },
  revoke_meaning: {
    en: (name: string) =>
      `${name}’s tablet will be taken out of the agency for good: it reads nothing that is written from now on, and when it next finds a network it hands over what was written on it and then erases its records.`,
    es: (name: string) =>
      `La tableta de ${name} quedará fuera de la agencia para siempre: no leerá nada de lo que se escriba desde ahora y, cuando vuelva a tener red, entregará lo escrito en ella y borrará sus registros.`,
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
