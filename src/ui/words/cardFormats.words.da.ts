/** The words of the formats of a key card in Danish, which is the original. */
import type { CardFormat } from '../../domain/card/cardFormat.ts';

export const cardFormatsDa = {
  question: 'Hvordan vil du have dit nøglekort?',
  names: {
    standard: 'Almindeligt kort',
    large_print: 'Stor skrift på A4',
    braille: 'Punktskrift (braille)',
  } satisfies Record<CardFormat, string>,
  /** Within a sentence. */
  kinds: {
    standard: 'et almindeligt kort',
    large_print: 'et kort med stor skrift',
    braille: 'et kort i punktskrift',
  } satisfies Record<CardFormat, string>,
  hints: {
    standard: 'Et lille kort, der kan ligge i pungen.',
    large_print: 'To A4-sider med store tal. Brevene fra Nøgle får også stor skrift.',
    braille: 'Ark, der læses med fingrene. Brevene fra Nøgle kommer også i punktskrift.',
  } satisfies Record<CardFormat, string>,
  desk: {
    coming: (kind: string) =>
      `Der er ${kind} på vej. Kan borgeren ikke læse det, så vælg en anden slags. Så bliver det kort ugyldigt, og der kommer et nyt.`,
  },
  change: {
    title: 'Stor skrift eller punktskrift',
    next: (kind: string) => `Dit næste kort bliver ${kind}.`,
    coming: (kind: string) =>
      `Der er allerede ${kind} på vej. Brug det, når det kommer. Dit valg her gælder kortet efter det.`,
    /** The person has the card, and waits for it to work. */
    here: (kind: string) => `Dit nye kort er ${kind}. Dit valg her gælder kortet efter det.`,
    after: (kind: string) => `Kortet efter det bliver ${kind}.`,
    comingHelp: 'Kan du ikke læse det nye kort? Så gå til Borgerservice. De kan sende et andet i stedet.',
    unprinted: 'Der er et kort på vej, men det er ikke trykt endnu. Det kommer, som du vælger her.',
    question: 'Hvordan skal dit næste kort være?',
    submit: 'Gem valget',
    submitNow: 'Gem, og send et nyt kort nu',
    same: 'Det har du allerede valgt. Vi har ikke ændret noget.',
    confirm: {
      next: (kind: string) => `Du er ved at vælge, at dit næste nøglekort skal være ${kind}.`,
      now: (kind: string) => `Du er ved at bestille et nyt nøglekort nu. Det bliver ${kind}.`,
    },
  },
};
