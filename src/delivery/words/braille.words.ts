/** What letters in Braille say in other words than letters in print, and the heads of their pages. */
import type { Localized } from '../../domain/language/language.ts';

interface BrailleWords {
  /** On the printed page, which the post and people who sort the mail see. */
  readonly cover: readonly string[];
  readonly page: (page: number, of: number) => string;
  readonly card: string;
  readonly hotline: (hotline: string) => string;
  readonly range: (first: string, last: string) => string;
  readonly welcomeIntro: string;
  readonly cardIntro: string;
  readonly reading: string;
  readonly spelling: string;
}

export const BRAILLE: Localized<BrailleWords> = {
  da: {
    cover: [
      'Brevet er skrevet i punktskrift. Det ligger i kuverten sammen med denne side.',
      'Det er kun til den, der står i adressen. Åbn det ikke for andre.',
    ],
    page: (page, of) => `side ${page} af ${of}`,
    card: 'kort',
    hotline: (hotline) => `hotline ${hotline}`,
    range: (first, last) => `${first} til ${last}`,
    welcomeIntro:
      'Med dit ID kan du logge på i din bank. Du kan også logge på offentlige hjemmesider, hvis du har valgt det. Her er dit ID-nummer. Dit nøglekort ligger efter brevet. Det er i punktskrift.',
    cardIntro: 'Dit nye nøglekort ligger efter dette brev. Det er i punktskrift.',
    reading:
      'Når du logger på, viser Nøgle et nummer på fire cifre. Find det på kortet. Der står ét nummer i hver linje, og så nøglen på seks cifre. Numrene står i orden fra ark til ark. Øverst på hver side står dens første og sidste nummer. Skriv de seks cifre. Hver nøgle kan kun bruges én gang.',
    spelling:
      'Tegnene står hver for sig. Et tal har taltegn foran. Der er kun små bogstaver og tal, og hverken 0, 1, o, i eller l. Du skal ikke skrive mellemrum.',
  },
  en: {
    cover: [
      'This letter is in Braille. It is in the envelope, behind this page.',
      'It is only for the person in the address. Do not open it for anyone else.',
    ],
    page: (page, of) => `page ${page} of ${of}`,
    card: 'card',
    hotline: (hotline) => `hotline ${hotline}`,
    range: (first, last) => `${first} to ${last}`,
    welcomeIntro:
      'With your ID you can sign in at your bank. You can also sign in at public sites, if you chose that. Here is your ID number. Your key card comes after this letter. It is in Braille.',
    cardIntro: 'Your new key card comes after this letter. It is in Braille.',
    reading:
      'When you sign in, Nøgle shows a number of four digits. Find it on the card. Each line has one number, and then its key of six digits. The numbers are in order, from sheet to sheet. The head of each page has its first and last number. Enter the six digits. Each key works only once.',
    spelling:
      'The characters stand one by one. A digit has a number sign. There are only small letters and digits, and never 0, 1, o, i or l. Do not enter the spaces.',
  },
};
