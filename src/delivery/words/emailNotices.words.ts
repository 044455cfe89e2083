/** The words of the notices about the e-mail address for notices. */
import type { Actor } from '../../domain/notice.ts';
import type { Localized } from '../../domain/language/language.ts';
import {
  BLOCK as BLOCK_DA,
  BLOCK_ID as BLOCK_ID_DA,
  type NoticeWords,
  type Opening,
} from './notices.words.da.ts';
import { BLOCK as BLOCK_EN, BLOCK_ID as BLOCK_ID_EN } from './notices.words.en.ts';

const emailDa = {
  /** @param email the new address, in a letter. */
  email_changed: ({ when, isPast }: Opening, byLetter: boolean, email: string | null): NoticeWords => {
    const what = byLetter
      ? `Du har bedt om at få beskeder fra Nøgle med posten. Det gælder fra ${when}.`
      : `Du har givet Nøgle en ny e-mailadresse. Vi skriver først til den, når du har skrevet den kode, vi har sendt til den, og tidligst fra ${when}.`;
    const stop = isPast
      ? []
      : [
          'Du kan stoppe det, til det gælder. Det gør du i selvbetjeningen under »E-mail og sprog« eller hos Nøgles hotline.',
        ];
    const address = email === null ? [] : [`Den nye adresse: ${email}`];
    return {
      subject: byLetter ? 'Du får beskeder med posten fremover' : 'Din e-mailadresse bliver ændret',
      text: [
        isPast ? what : `${what} Indtil da skriver vi som før.`,
        ...address,
        ...stop,
        `Var det ikke dig, så ${BLOCK_ID_DA}`,
      ],
      inShort: [what, ...stop, ...address].join(' '),
    };
  },
  email_called_off: (by: Actor): NoticeWords => ({
    subject: 'Vi skriver til dig samme sted som før',
    text: [
      by === 'staff'
        ? 'Vi skulle have skrevet til dig et nyt sted. En medarbejder har stoppet det. Vi skriver samme sted som før.'
        : 'Vi skulle have skrevet til dig et nyt sted. Du har stoppet det. Vi skriver samme sted som før.',
      `Var det ikke dig, kender en anden måske din adgangskode. Så ${BLOCK_DA}`,
    ],
  }),
  email_taken_on: (from: string): NoticeWords => ({
    subject: 'Nøgle skriver snart til denne adresse',
    text: [
      `En person med et ID hos Nøgle har bedt os om at skrive til denne adresse. Det gør vi fra ${from}.`,
      'Kender du ikke noget til det? Så har nogen måske skrevet forkert. Er du i tvivl, så ring til Nøgles hotline.',
    ],
  }),
};

const emailEn: typeof emailDa = {
  email_changed: ({ when, isPast }, byLetter, email) => {
    const what = byLetter
      ? `You have asked Nøgle to write to you by post. This applies from ${when}.`
      : `You have given Nøgle a new e-mail address. We will start writing to it on ${when} at the earliest, once you have entered the code that we sent to it.`;
    const stop = isPast
      ? []
      : [
          'You can still stop this before then: in self-service under “E-mail and language”, or by phoning Nøgle’s hotline.',
        ];
    const address = email === null ? [] : [`The new address: ${email}`];
    return {
      subject: byLetter ? 'Your messages will come by post' : 'Your e-mail address is being changed',
      text: [
        isPast ? what : `${what} Until then we write to you as before.`,
        ...address,
        ...stop,
        `If it was not you, ${BLOCK_ID_EN}`,
      ],
      inShort: [what, ...stop, ...address].join(' '),
    };
  },
  email_called_off: (by) => ({
    subject: 'We still write to you where we did before',
    text: [
      by === 'staff'
        ? 'We were about to start writing to you at a new address. A member of staff has stopped that, so nothing changes.'
        : 'We were about to start writing to you at a new address. You have stopped that, so nothing changes.',
      `If this was not you, somebody else may know your password. Then ${BLOCK_EN}`,
    ],
  }),
  email_taken_on: (from) => ({
    subject: 'Nøgle will soon write to this address',
    text: [
      `Somebody with a Nøgle ID has asked us to write to this address. We will do so from ${from}.`,
      'If this means nothing to you, somebody may have made a typing mistake. If you are in doubt, phone Nøgle’s hotline.',
    ],
  }),
};

export const EMAIL_NOTICES: Localized<typeof emailDa> = { da: emailDa, en: emailEn };
