/**
 * The words of the mail with a code for an e-mail address. Whose address it is, is not known yet: it names
 * the service and the hotline, and nothing of the person.
 */
import type { Localized } from '../../domain/language/language.ts';
import type { NoticeWords } from './notices.words.da.ts';

export const EMAIL_CODE: Localized<(code: string, until: string, hotline: string) => NoticeWords> = {
  da: (code, until, hotline) => ({
    subject: 'Din kode fra Nøgle',
    text: [
      `Nogen har skrevet denne e-mailadresse hos Nøgle, som er det ID, man logger på med i banken og på offentlige hjemmesider. Koden er ${code}`,
      `Er det dig, så skriv koden på Nøgles side, hvor du blev bedt om den. Den virker én gang og til ${until}. Giv den ikke til andre, heller ikke til nogen, der siger, at de er fra Nøgle.`,
      `Kender du ikke noget til det, har nogen måske skrevet forkert. Så skal du ikke gøre noget: uden koden sender vi ikke andet hertil. Bliver det ved, så ring til Nøgles hotline: ${hotline}`,
    ],
  }),
  en: (code, until, hotline) => ({
    subject: 'Your code from Nøgle',
    text: [
      `Somebody has entered this e-mail address at Nøgle, the ID that people in Denmark use to sign in at their bank and on public sites. The code is ${code}`,
      `If it was you, enter the code on the page of Nøgle that asked for it. It works once, and until ${until}. Do not give it to anyone, not even to somebody who says that they are from Nøgle.`,
      `If this means nothing to you, somebody may have mistyped. Then you need do nothing: without the code we send nothing else to this address. If it goes on, phone Nøgle’s hotline: ${hotline}`,
    ],
  }),
};
