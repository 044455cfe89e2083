/** The words of a letter about several events. */
import type { Localized } from '../../domain/language/language.ts';
import { BLOCK } from './notices.words.da.ts';
import { BLOCK as BLOCK_EN } from './notices.words.en.ts';

interface DailyLetterWords {
  readonly subject: string;
  readonly intro: string;
  /** For the notices that do not fit into the letter. */
  readonly more: (many: number) => string;
  readonly next: readonly string[];
}

export const DAILY_LETTER_WORDS: Localized<DailyLetterWords> = {
  da: {
    subject: 'Der er sket noget med dit ID',
    intro: 'Her er, hvad der er sket med dit ID for nylig. Vi samler det i højst ét brev om dagen.',
    more: (many) =>
      `Og ${many === 1 ? 'én ting' : `${many} ting`} mere. Det hele står i selvbetjeningen, under »Hvad er der sket?«`,
    next: ['Var det alt sammen dig, skal du ikke gøre noget.', `Var noget af det ikke dig, så ${BLOCK}`],
  },
  en: {
    subject: 'Something has happened with your ID',
    intro: 'This is what has happened with your ID lately. We put it together in one letter a day at most.',
    more: (many) =>
      `And ${many === 1 ? 'one thing' : `${many} things`} more. All of it is in self-service under “What has happened?”.`,
    next: ['If all of it was you, you need do nothing.', `If any of it was not you, ${BLOCK_EN}`],
  },
};
