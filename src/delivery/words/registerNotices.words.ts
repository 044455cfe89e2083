/** The words of the notices about what the population register says of a person. */
import type { Localized } from '../../domain/language/language.ts';
import { BLOCK_ID as BLOCK_ID_DA, type NoticeWords } from './notices.words.da.ts';
import { BLOCK_ID as BLOCK_ID_EN } from './notices.words.en.ts';

const registerDa = {
  address_changed: (): NoticeWords => ({
    subject: 'Din adresse er ændret',
    text: [
      'CPR-registret siger, at du har fået en ny adresse. Fra nu af sender vi dine breve dertil. Sender vi dig et nøglekort eller en adgangskode, skriver vi i starten også til din gamle adresse.',
      'Er du flyttet? Så skal du ikke gøre noget.',
      `Er du ikke flyttet, har en anden måske meldt det i dit navn. Sig det til Borgerservice i din kommune, og ${BLOCK_ID_DA}`,
    ],
  }),
  cpr_changed: (): NoticeWords => ({
    subject: 'Dit ID følger dit nye CPR-nummer',
    text: [
      'Vi har hørt, at du har fået et nyt CPR-nummer. Dit ID er det samme som før, men hører nu til det nye nummer. De steder, der må få dit CPR-nummer, får det nye, når du logger på.',
      'Dit bruger-ID, din adgangskode og dit nøglekort er de samme som før. Du skal ikke gøre noget.',
      `Har du ikke fået et nyt CPR-nummer, så sig det til Borgerservice i din kommune, og ${BLOCK_ID_DA}`,
    ],
  }),
  name_changed: (): NoticeWords => ({
    subject: 'Dit navn er ændret',
    text: [
      'CPR-registret siger, at du har fået et nyt navn. Fra nu af bruger vi det i breve til dig og de steder, hvor du logger på.',
      'Dit bruger-ID, din adgangskode og dit nøglekort er de samme som før.',
      `Har du ikke fået nyt navn, så sig det til Borgerservice i din kommune, og ${BLOCK_ID_DA}`,
    ],
  }),
  emigrated: (): NoticeWords => {
    const what = 'CPR-registret siger, at du er flyttet fra Danmark. Derfor har vi spærret dit ID.';
    const next = 'Er du flyttet tilbage? Så kan Borgerservice åbne dit ID igen. Tag gyldig legitimation med.';
    return {
      subject: 'Dit ID er spærret, fordi du er rejst fra Danmark',
      text: [
        `${what} Ingen kan logge på med det, heller ikke du. Dit nøglekort virker ikke mere.`,
        next,
        'Er du ikke flyttet fra Danmark? Så sig det til Borgerservice i din kommune. Er du i tvivl, så ring til Nøgles hotline.',
      ],
      inShort: `${what} ${next}`,
    };
  },
  ordered_after_move: (holds: 'card' | 'password'): NoticeWords => ({
    subject:
      holds === 'card'
        ? 'Et nøglekort er på vej til din nye adresse'
        : 'En adgangskode er på vej til din nye adresse',
    text: [
      holds === 'card'
        ? 'Der er bestilt et nyt nøglekort til dig. Det kommer med posten til din nye adresse.'
        : 'Der er bestilt en midlertidig adgangskode til dig. Den kommer med posten til din nye adresse.',
      'Vi skriver til din gamle adresse, fordi du lige er flyttet. Er det rigtigt? Så skal du ikke gøre noget.',
      `Er du ikke flyttet, eller har en anden end dig bestilt det, så ${BLOCK_ID_DA}`,
    ],
  }),
};

const registerEn: typeof registerDa = {
  address_changed: () => ({
    subject: 'Your address has changed',
    text: [
      'The civil registration system (CPR) tells us that you have a new address. From now on your letters go there. For a while we also write to your old address whenever we send you a key card or a password.',
      'If you have moved, there is nothing you need to do.',
      `If you have not moved, somebody may have said so in your name. Tell Borgerservice (citizen service) in your municipality, and ${BLOCK_ID_EN}`,
    ],
  }),
  cpr_changed: () => ({
    subject: 'Your ID follows your new CPR number',
    text: [
      'We have been told that you have a new CPR number. Your ID stays the same and now belongs to the new number. Places that may have your CPR number get the new one when you next sign in.',
      'Your user ID, your password and your key card stay the same. There is nothing you need to do.',
      `If you do not have a new CPR number, tell Borgerservice (citizen service) in your municipality, and ${BLOCK_ID_EN}`,
    ],
  }),
  name_changed: () => ({
    subject: 'Your name has changed',
    text: [
      'The civil registration system (CPR) tells us that you have a new name. From now on we use it in letters to you and at the places where you sign in.',
      'Your user ID, your password and your key card stay the same.',
      `If you do not have a new name, tell Borgerservice (citizen service) in your municipality, and ${BLOCK_ID_EN}`,
    ],
  }),
  emigrated: () => {
    const what =
      'The civil registration system (CPR) tells us that you have left Denmark, so we have blocked your ID.';
    const next = `If you have moved back, Borgerservice (citizen service) can reopen your ID. Bring valid identification.`;
    return {
      subject: 'Your ID is blocked because you have left Denmark',
      text: [
        `${what} Nobody can sign in with it, not even you, and your key card no longer works.`,
        next,
        'If you have not left Denmark, tell Borgerservice in your municipality. If you are in doubt, phone Nøgle’s hotline.',
      ],
      inShort: `${what} ${next}`,
    };
  },
  ordered_after_move: (holds) => ({
    subject:
      holds === 'card'
        ? 'A key card is on its way to your new address'
        : 'A password is on its way to your new address',
    text: [
      holds === 'card'
        ? 'A new key card has been ordered for you. It comes by post to your new address.'
        : 'A temporary password has been ordered for you. It comes by post to your new address.',
      'We are writing to your old address because you moved recently. If that is right, there is nothing you need to do.',
      `If you have not moved, or if somebody else ordered it, ${BLOCK_ID_EN}`,
    ],
  }),
};

export const REGISTER_NOTICES: Localized<typeof registerDa> = { da: registerDa, en: registerEn };
