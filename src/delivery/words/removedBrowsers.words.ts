/** The words of the notice that browsers are no longer a person's trusted ones. */
import type { Localized } from '../../domain/language/language.ts';
import { BLOCK as BLOCK_DA, type NoticeWords } from './notices.words.da.ts';
import { BLOCK as BLOCK_EN } from './notices.words.en.ts';

export const REMOVED_BROWSERS: Localized<(many: number, when: string) => NoticeWords> = {
  da: (many, when) => ({
    subject: many === 1 ? 'En browser er ikke længere din egen' : 'Dine browsere er ikke længere dine egne',
    text: [
      many === 1
        ? `Du havde sagt, at en browser er din egen. Den blev fjernet i selvbetjeningen ${when}.`
        : `Du havde sagt, at ${many} browsere er dine egne. De blev fjernet i selvbetjeningen ${when}.`,
      `Du kan stadig logge på der. Skal ${many === 1 ? 'den' : 'en af dem'} være din egen igen? Så sæt hak ved »Det er min egen computer«, næste gang du skriver en nøgle i den.`,
      `Var det ikke dig, så ${BLOCK_DA}`,
    ],
  }),
  en: (many, when) => ({
    subject: many === 1 ? 'A browser is no longer your own' : 'Your browsers are no longer your own',
    text: [
      many === 1
        ? `You had told us that a browser is your own. It was removed in self-service on ${when}.`
        : `You had told us that ${many} browsers are your own. They were removed in self-service on ${when}.`,
      `You can still sign in there. To make ${many === 1 ? 'it' : 'one of them'} your own again, tick “This is my own computer” the next time you enter a key in it.`,
      `If this was not you, ${BLOCK_EN}`,
    ],
  }),
};
