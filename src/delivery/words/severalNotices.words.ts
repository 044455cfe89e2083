/** The words of a letter or a mail about several events. */
import type { Localized } from '../../domain/language/language.ts';
import { BLOCK } from './notices.words.da.ts';
import { BLOCK as BLOCK_EN } from './notices.words.en.ts';

interface SeveralWords {
  readonly subject: string;
  readonly intro: string;
  /** For the notices that do not fit into the letter. */
  readonly more: (many: number) => string;
  readonly next: readonly string[];
  /** Where there is nothing left to block. */
  readonly nextBlocked: readonly string[];
}

export const SEVERAL_NOTICES: Localized<SeveralWords> = {
  da: {
    subject: 'Der er sket noget med dit ID',
    intro: 'Her er, hvad der er sket med dit ID for nylig. Vi samler det, så du får så få breve som muligt.',
    more: (many) =>
      `Og ${many === 1 ? 'én ting' : `${many} ting`} mere. Det hele står i selvbetjeningen, under »Hvad er der sket?«`,
    next: ['Var det alt sammen dig? Så skal du ikke gøre noget.', `Var noget af det ikke dig, så ${BLOCK}`],
    nextBlocked: ['Kan du ikke kende det, så ring til Nøgles hotline. Du behøver ikke at spærre mere.'],
  },
  en: {
    subject: 'Something has happened with your ID',
    intro:
      'This is what has happened with your ID recently. We put it together so that you get fewer letters.',
    more: (many) =>
      `And ${many === 1 ? 'one thing' : `${many} things`} more. You can see everything in self-service under “What has happened?”.`,
    next: ['If all of it was you, there is nothing you need to do.', `If any of it was not you, ${BLOCK_EN}`],
    nextBlocked: [
      'If you do not recognise this, phone Nøgle’s hotline. You do not need to block anything else.',
    ],
  },
};
