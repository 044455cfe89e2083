/**
 * The words of the letters in Danish, which is the original. English has its type: a missing word does not
 * compile. A reader may never have used a computer: a letter states what it is, what to do, in steps, and
 * what to watch out for. Pages are described by their name and the end of their address: nothing here signs
 * anyone in.
 */
import type { LetterKind } from '../../domain/letter.ts';

/** A notice has its own words (notices.words.da.ts). */
type WordsOfKinds = Record<Exclude<LetterKind, 'notice'>, { title: string } & Record<string, unknown>>;

type ThreeTexts = readonly [string, string, string];
type FourTexts = readonly [string, string, string, string];

export const lettersDa = {
  dear: (name: string) => `Kære ${name}`,
  sender: 'Nøgle',
  page: (page: number, of: number) => `side ${page} af ${of}`,
  cardNumber: 'Kortnummer',
  keyColumns: { number: 'Nr.', key: 'Nøgle' },
  reading: {
    heading: 'Sådan bruger du kortet',
    text: 'Når du logger på, viser Nøgle et nøglenummer på fire cifre. Numrene står i rækkefølge på kortet, ned ad den ene spalte efter den anden, på side 1 og videre på side 2. Skriv de seks cifre, der står lige til højre for nummeret. Hver nøgle kan kun bruges én gang.',
  },
  care: {
    heading: 'Pas på kortet',
    points: [
      'Gem det for dig selv, og aldrig sammen med din adgangskode. Tag ikke billeder af det.',
      'Har du mistet kortet, eller kan andre have set det, så spær det straks: på Nøgles side under »Spær«, hvor adressen ender på /block, eller ved at ringe til Nøgles hotline.',
      'Var kuverten åbnet, da du fik den, så lad være med at bruge kortet, og ring straks til Nøgles hotline.',
      'Nøgle ringer eller skriver aldrig for at få en nøgle eller en adgangskode at vide.',
    ] as FourTexts,
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
        'Næste gang du skal logge på et sted, så gør, som du plejer, med en nøgle fra dit gamle kort.',
        'Lige efter spørger vi, om det nye kort er kommet. Skriv så også en nøgle fra det.',
        'Fra da af virker kun det nye kort. Klip det gamle i stykker, og smid det ud.',
      ] as ThreeTexts,
      note: 'Har du ikke et gammelt kort, der virker? Så skriv en nøgle fra det nye, når du logger på. For din sikkerheds skyld går der lidt tid, før du kan bruge kortet. Du får at vide hvornår.',
    },
  },
  welcome: {
    title: 'Velkommen til Nøgle',
    intro: {
      small:
        'Med dit ID kan du logge på din bank og, hvis du har valgt det, på offentlige hjemmesider. Her er dit ID-nummer, og dit nøglekort følger med dette brev.',
      large:
        'Med dit ID kan du logge på din bank og, hvis du har valgt det, på offentlige hjemmesider. Her er dit ID-nummer, og dit nøglekort følger med dette brev. Det er trykt med store tal.',
    },
    idNumber: 'Dit ID-nummer',
    use: {
      heading: 'Sådan kommer du i gang',
      steps: [
        'Vent på et brev mere. Det kommer en anden dag, for sig selv, og i det står din midlertidige adgangskode, og hvor længe du kan bruge den.',
        'Gå så ind på Nøgles side »Tag dit ID i brug«, hvor adressen ender på /activate. Skriv dit ID-nummer og den midlertidige adgangskode.',
        'Skriv en nøgle fra kortet, og vælg dit eget bruger-ID og din egen adgangskode. Så kan du logge på.',
      ] as ThreeTexts,
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
      steps: [
        'Gå ind på Nøgles side »Tag dit ID i brug«, hvor adressen ender på /activate.',
        'Skriv den midlertidige adgangskode, når du bliver bedt om den. Siden siger, hvad du ellers skal have ved hånden. Det kommer aldrig samme dag som dette brev.',
        'Vælg din egen adgangskode. Riv så dette brev i stykker, og smid det ud.',
      ] as ThreeTexts,
    },
    care: {
      heading: 'Godt at vide',
      points: [
        'Brug den, så snart du kan. Når du har brugt den, virker den ikke mere.',
        'Vis den ikke til nogen. Nøgle ringer eller skriver aldrig for at få den at vide.',
        'Var kuverten åbnet, da du fik den, eller har du ikke bedt om en adgangskode, så lad være med at bruge den. Spær straks på Nøgles side under »Spær«, hvor adressen ender på /block, eller ring til Nøgles hotline.',
      ] as ThreeTexts,
    },
  },
} satisfies WordsOfKinds & Record<string, unknown>;

export type LetterWords = typeof lettersDa;
