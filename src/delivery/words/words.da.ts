/**
 * The words of the letters in Danish, which is the original. English has its type: a missing word does not
 * compile. A reader may never have used a computer: a letter states what it is, what to do, in steps, and
 * what to watch out for, in short sentences. Addresses are typed out, for a browser: nothing here signs
 * anyone in.
 */
import type { LetterKind } from '../../domain/letter.ts';

/** A notice has its own words (notices.words.da.ts). */
type WordsOfKinds = Record<Exclude<LetterKind, 'notice'>, { title: string } & Record<string, unknown>>;

/** The addresses of Nøgle's pages, in full. */
export interface PageAddresses {
  readonly start: string;
  readonly activate: string;
  readonly block: string;
}

type ThreeTexts = readonly [string, string, string];

export const lettersDa = {
  dear: (name: string) => `Kære ${name}`,
  sender: 'Nøgle',
  page: (page: number, of: number) => `side ${page} af ${of}`,
  cardSide: (side: number, of: number) => `side ${side} af ${of}`,
  cardNumber: 'Kortnummer',
  keyColumns: { number: 'Nr.', key: 'Nøgle' },
  reading: {
    heading: 'Sådan bruger du kortet',
    text: 'Når du logger på, viser Nøgle et nummer på fire cifre. Find det på kortet. Numrene står i orden, ned ad den ene spalte efter den anden, på side 1 og så på side 2. Skriv de seks cifre lige til højre for nummeret. Det er en nøgle. Den kan kun bruges én gang.',
  },
  care: {
    heading: 'Pas på kortet',
    points: ({ block }: PageAddresses): ThreeTexts => [
      'Gem det for dig selv, og aldrig sammen med din adgangskode. Tag ikke billeder af det. Vi ringer eller skriver aldrig for at få en nøgle.',
      `Har du mistet kortet, eller har andre set det? Så spær det straks på ${block} eller hos Nøgles hotline.`,
      'Var kuverten åbnet, da du fik den? Så brug ikke kortet, og ring straks til Nøgles hotline.',
    ],
  },
  card: {
    title: 'Dit nye nøglekort',
    intro: {
      small: 'Dit nye nøglekort følger med dette brev.',
      large: 'Dit nye nøglekort følger med dette brev. Det er trykt med store tal.',
    },
    use: {
      heading: 'Sådan tager du det i brug',
      steps: [
        'Næste gang du skal logge på et sted, så gør, som du plejer. Brug en nøgle fra dit gamle kort.',
        'Lige efter spørger vi, om det nye kort er kommet. Skriv så også en nøgle fra det.',
        'Nu virker kun det nye kort. Klip det gamle i stykker, og smid det ud.',
      ] as ThreeTexts,
      note: 'Har du ikke et gammelt kort, der virker? Så skriv en nøgle fra det nye, når du logger på. For at passe på dig venter vi lidt, før du kan bruge kortet. Du får at vide hvornår.',
    },
  },
  token: {
    title: 'Din kodeviser',
    intro:
      'Din kodeviser følger med dette brev. Den viser en kode, som du kan skrive i stedet for en nøgle fra dit kort, når du logger på.',
    serialNumber: 'Nummer på kodeviseren',
    use: {
      heading: 'Sådan tager du den i brug',
      steps: [
        'Se efter, at nummeret bag på kodeviseren er det, der står i brevet. Er det et andet, eller var kuverten åbnet, så brug den ikke. Ring til Nøgles hotline.',
        'Log på selvbetjeningen, og vælg »Kodeviser«. Skriv koden, som den viser, og så en nøgle fra dit kort.',
        'For at passe på dig venter vi lidt, før den kan bruges. Du får at vide hvornår.',
      ] as ThreeTexts,
      note: 'Gem den for dig selv, og aldrig sammen med din adgangskode. Vi ringer eller skriver aldrig for at få en kode. Dit nøglekort virker stadig.',
    },
  },
  welcome: {
    title: 'Velkommen til Nøgle',
    intro: {
      small:
        'Med dit ID kan du logge på i din bank. Du kan også logge på offentlige hjemmesider, hvis du har valgt det. Her er dit ID-nummer. Dit nøglekort følger med dette brev.',
      large:
        'Med dit ID kan du logge på i din bank. Du kan også logge på offentlige hjemmesider, hvis du har valgt det. Her er dit ID-nummer. Dit nøglekort følger med dette brev. Det er trykt med store tal.',
    },
    idNumber: 'Dit ID-nummer',
    use: {
      heading: 'Sådan kommer du i gang',
      steps: ({ activate }: PageAddresses): ThreeTexts => [
        'Vent på endnu et brev. Det kommer en anden dag, med din midlertidige adgangskode.',
        `Skriv så adressen ${activate} i browseren på en computer eller telefon. Dér skriver du dit ID-nummer og den midlertidige adgangskode.`,
        'Skriv en nøgle fra kortet. Vælg et bruger-ID og en adgangskode. Så kan du logge på.',
      ],
      note: 'Gem ID-nummeret. Du kan altid logge på med det i stedet for dit bruger-ID.',
    },
  },
  password: {
    title: 'Din midlertidige adgangskode',
    intro: 'Her er en midlertidig adgangskode. Du skal bruge den én gang, og så vælger du din egen.',
    label: 'Midlertidig adgangskode',
    spelling:
      'Der er kun små bogstaver og tal i den, og hverken 0, 1, o, i eller l. Mellemrum og store bogstaver gør ikke noget.',
    until: (day: string) => `Du kan bruge den til og med ${day}.`,
    use: {
      heading: 'Sådan gør du',
      steps: ({ activate }: PageAddresses): ThreeTexts => [
        `Skriv adressen ${activate} i browseren på en computer eller telefon.`,
        'Skriv den midlertidige adgangskode, når siden beder om den. Siden siger, hvad du ellers skal bruge. Det kommer aldrig samme dag som dette brev.',
        'Vælg din egen adgangskode. Riv så dette brev i stykker, og smid det ud.',
      ],
    },
    care: {
      heading: 'Godt at vide',
      points: ({ block }: PageAddresses): ThreeTexts => [
        'Brug den, så snart du kan. Når du har brugt den, virker den ikke mere.',
        'Vis den ikke til nogen. Vi ringer eller skriver aldrig for at få den at vide.',
        `Var kuverten åbnet, da du fik den? Eller har du ikke bedt om en adgangskode? Så brug den ikke. Spær straks på ${block} eller hos Nøgles hotline.`,
      ],
    },
  },
} satisfies WordsOfKinds & Record<string, unknown>;

export type LetterWords = typeof lettersDa;
