/**
 * The words of the mail with a code for an e-mail address. Whose address it is, is not known yet: it names
 * the service, and nothing of the person. How to reach the service stands below the text.
 */
import type { Localized } from '../../domain/language/language.ts';
import type { NoticeWords } from './notices.words.da.ts';

export const EMAIL_CODE: Localized<(code: string, until: string) => NoticeWords> = {
  da: (code, until) => ({
    subject: 'Din kode fra Nøgle',
    text: [
      `Nogen har skrevet denne e-mailadresse hos Nøgle. Nøgle er det ID, man logger på med i banken og på offentlige hjemmesider. Koden er ${code}`,
      `Er det dig? Så skriv koden på Nøgles side, hvor du blev bedt om den. Den virker én gang og til ${until}. Giv den ikke til andre, heller ikke til nogen, der siger, at de er fra Nøgle.`,
      'Kender du ikke noget til det? Så har nogen måske skrevet forkert, og du skal ikke gøre noget. Uden koden sender vi ikke andet hertil. Bliver det ved, så ring til Nøgles hotline.',
    ],
  }),
  en: (code, until) => ({
    subject: 'Your code from Nøgle',
    text: [
      `Somebody has entered this e-mail address at Nøgle, the ID that people in Denmark use to sign in at their bank and on public sites. The code is ${code}`,
      `If it was you, enter the code on the Nøgle page that asked for it. It works once, until ${until}. Do not give it to anyone, not even to somebody who says they are from Nøgle.`,
      'If this means nothing to you, somebody may have made a typing mistake, and there is nothing you need to do. Without the code we send nothing else to this address. If it keeps happening, phone Nøgle’s hotline.',
    ],
  }),
};
