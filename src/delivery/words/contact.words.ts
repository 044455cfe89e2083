/** How to reach Nøgle, as every letter and every mail says it. Addresses are typed out, never linked. */
import type { Localized } from '../../domain/language/language.ts';

interface ContactWords {
  /** The heading of the box in a letter. */
  readonly heading: string;
  readonly hotline: string;
  readonly write: string;
  readonly address: string;
  readonly block: string;
  /** Below the addresses, in a mail. */
  readonly typeItMail: string;
  /** Beside the QR code of a letter. */
  readonly typeItLetter: string;
  /** Above the recipient's address, for the post: `Retur: ...`. */
  readonly returnTo: string;
  /** On the key card. */
  readonly lostCard: (hotline: string) => string;
}

export const CONTACT: Localized<ContactWords> = {
  da: {
    heading: 'Her får du hjælp',
    hotline: 'Nøgles hotline',
    write: 'Skriv til os',
    address: 'Nøgles adresse',
    block: 'Her spærrer du',
    typeItMail: 'Skriv selv adressen i browseren. Brug aldrig et link fra en e-mail.',
    typeItLetter: 'Skriv adressen i browseren, eller brug koden her.',
    returnTo: 'Retur',
    lostCard: (hotline) => `Mistet kortet? Ring ${hotline}`,
  },
  en: {
    heading: 'Help',
    hotline: 'Nøgle’s hotline',
    write: 'Write to us',
    address: 'Nøgle’s address',
    block: 'Block here',
    typeItMail: 'Type the address into your browser yourself. Never use a link in an e-mail.',
    typeItLetter: 'Type the address into your browser, or scan this code.',
    returnTo: 'Return to',
    lostCard: (hotline) => `Lost this card? Phone ${hotline}`,
  },
};
