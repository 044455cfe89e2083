/** The mail with a code for an e-mail address, signed like the notices. */
import type { Language } from '../../domain/person/person.ts';
import { writeOpeningTime } from '../letters/dates.ts';
import { EMAIL_CODE } from '../words/emailCode.words.ts';
import { NOTICES } from '../words/notices.words.ts';

export function writeEmailCode(
  { code, until, hotline }: { readonly code: string; readonly until: Date; readonly hotline: string },
  language: Language,
): { subject: string; text: string } {
  const when = writeOpeningTime(until.toISOString(), language);
  const { subject, text } = EMAIL_CODE[language](code, when, hotline);
  const { never, signature } = NOTICES[language];
  return { subject, text: [...text, never, signature].join('\n\n') };
}
