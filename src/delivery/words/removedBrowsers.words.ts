/** The words of the notice that browsers are no longer a person's trusted ones. */
import type { Localized } from '../../domain/language/language.ts';
import { BLOCK as BLOCK_DA, type NoticeWords } from './notices.words.da.ts';
import { BLOCK as BLOCK_EN } from './notices.words.en.ts';

export const REMOVED_BROWSERS: Localized<(many: number, when: string) => NoticeWords> = {
  da: (many, when) => ({
    subject: many === 1 ? 'En browser er ikke længere din egen' : 'Dine browsere er ikke længere dine egne',
    text: [
      many === 1
        ? `En browser, som du havde kaldt din egen, blev fjernet i selvbetjeningen ${when}.`
        : `De ${many} browsere, som du havde kaldt dine egne, blev fjernet i selvbetjeningen ${when}.`,
      `Du kan stadig logge på der. Vil du kalde ${many === 1 ? 'den' : 'en af dem'} din egen igen, så sæt hak ved »Det er min egen computer«, næste gang du skriver en nøgle i den.`,
      `Var det ikke dig, så ${BLOCK_DA}`,
    ],
  }),
  en: (many, when) => ({
    subject: many === 1 ? 'A browser is not your own any more' : 'Your browsers are not your own any more',
    text: [
      many === 1
        ? `A browser that you had called your own was removed in self-service on ${when}.`
        : `The ${many} browsers that you had called your own were removed in self-service on ${when}.`,
      `You can still sign in there. If you want to call ${many === 1 ? 'it' : 'one of them'} your own again, tick “This is my own computer” the next time you enter a key in it.`,
      `If this was not you, ${BLOCK_EN}`,
    ],
  }),
};
