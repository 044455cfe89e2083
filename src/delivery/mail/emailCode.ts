/** The mail with a code for an e-mail address, signed like the notices. It names no one. */
import type { Language } from '../../domain/person/person.ts';
import type { ServiceContact } from '../../domain/serviceContact.ts';
import { writeOpeningTime } from '../letters/dates.ts';
import { EMAIL_CODE } from '../words/emailCode.words.ts';
import { NOTICES } from '../words/notices.words.ts';
import { writeMail, type MailText } from './mailText.ts';

export function writeEmailCode(
  { code, until, contact }: { readonly code: string; readonly until: Date; readonly contact: ServiceContact },
  language: Language,
): MailText {
  const when = writeOpeningTime(until.toISOString(), language);
  const { subject, text } = EMAIL_CODE[language](code, when);
  const paragraphs = [...text, NOTICES[language].never];
  return writeMail({ subject, paragraphs, name: null }, language, contact);
}
