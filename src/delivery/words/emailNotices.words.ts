/** The words of the notices about the e-mail address for notices. */
import type { Actor } from '../../domain/notice.ts';
import type { Localized } from '../../domain/language/language.ts';
import { BLOCK as BLOCK_DA, BLOCK_ID as BLOCK_ID_DA, type NoticeWords } from './notices.words.da.ts';
import { BLOCK as BLOCK_EN, BLOCK_ID as BLOCK_ID_EN } from './notices.words.en.ts';

const emailDa = {
  /** @param email the new address, in a letter. */
  email_changed: (from: string, byLetter: boolean, email: string | null): NoticeWords => ({
    subject: byLetter ? 'Du får beskeder med posten fremover' : 'Din e-mailadresse bliver ændret',
    text: [
      byLetter
        ? `Du har bedt om at få beskeder fra Nøgle med posten. Det gælder fra ${from}. Indtil da skriver vi som før.`
        : `Du har givet Nøgle en ny e-mailadresse. Vi skriver til den tidligst fra ${from}, og først når den kode, vi har sendt til den, er skrevet. Indtil da skriver vi som før.`,
      ...(email === null ? [] : [`Den nye adresse: ${email}`]),
      'Ændringen kan stoppes, til den gælder: i selvbetjeningen under »E-mail og sprog«, eller ved at du ringer til Nøgles hotline.',
      `Var det ikke dig, så ${BLOCK_ID_DA}`,
    ],
  }),
  email_called_off: (by: Actor): NoticeWords => ({
    subject: 'Vi skriver til dig samme sted som før',
    text: [
      by === 'staff'
        ? 'En medarbejder har stoppet en ændring af, hvor vi skriver til dig. Vi skriver samme sted som før.'
        : 'Du har stoppet en ændring af, hvor vi skriver til dig. Vi skriver samme sted som før.',
      `Var det ikke dig, eller havde du ikke selv bedt om ændringen, kender en anden måske din adgangskode. Så ${BLOCK_DA}`,
    ],
  }),
  email_taken_on: (from: string): NoticeWords => ({
    subject: 'Nøgle skriver snart til denne adresse',
    text: [
      `En, der har et ID hos Nøgle, har bedt os om at skrive til denne adresse. Det gør vi fra ${from}.`,
      'Kender du ikke noget til det, har nogen måske skrevet forkert. Er du i tvivl, så ring til Nøgles hotline.',
    ],
  }),
};

const emailEn: typeof emailDa = {
  email_changed: (from, byLetter, email) => ({
    subject: byLetter ? 'Your messages will come by post' : 'Your e-mail address is being changed',
    text: [
      byLetter
        ? `You have asked Nøgle to send your messages by post. This takes effect from ${from}. Until then we write to you as before.`
        : `You have given Nøgle a new e-mail address. We write to it from ${from} at the earliest, and not before the code that we sent to it has been entered. Until then we write to you as before.`,
      ...(email === null ? [] : [`The new address: ${email}`]),
      'The change can be stopped until it takes effect: in self-service under “E-mail and language”, or by phoning Nøgle’s hotline.',
      `If it was not you, ${BLOCK_ID_EN}`,
    ],
  }),
  email_called_off: (by) => ({
    subject: 'We write to you where we did before',
    text: [
      by === 'staff'
        ? 'A member of staff has stopped a change in where we write to you. We write where we did before.'
        : 'You have stopped a change in where we write to you. We write where we did before.',
      `If it was not you, or if you had not asked for the change yourself, somebody else may know your password. Then ${BLOCK_EN}`,
    ],
  }),
  email_taken_on: (from) => ({
    subject: 'Nøgle will soon write to this address',
    text: [
      `Somebody who has an ID with Nøgle has asked us to write to this address. We will do so from ${from}.`,
      'If this means nothing to you, somebody may have mistyped. If you are in doubt, phone Nøgle’s hotline.',
    ],
  }),
};

export const EMAIL_NOTICES: Localized<typeof emailDa> = { da: emailDa, en: emailEn };
