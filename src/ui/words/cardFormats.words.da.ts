/** The words of the formats of a key card in Danish, which is the original. */
import type { CardFormat } from '../../domain/card/cardFormat.ts';

export const cardFormatsDa = {
  question: 'Hvordan vil du have dit nøglekort?',
  names: {
    standard: 'Almindeligt kort',
    large_print: 'Stor skrift på A4',
    braille: 'Punktskrift (braille)',
  } satisfies Record<CardFormat, string>,
  hints: {
    standard: 'Et lille kort, der kan ligge i pungen.',
    large_print: 'To A4-sider med store tal. Brevene fra Nøgle får også stor skrift.',
    braille: 'Ark, der læses med fingrene. Brevene fra Nøgle kommer også i punktskrift.',
  } satisfies Record<CardFormat, string>,
  desk: {
    coming: (name: string) =>
      `Der er et kort på vej: ${name}. Vælg en anden skrift, hvis borgeren ikke kan læse det. Så bliver det kort ugyldigt, og der kommer et nyt.`,
  },
  change: {
    title: 'Stor skrift eller punktskrift',
    next: (name: string) => `Dit næste kort bliver: ${name}.`,
    coming: (name: string) =>
      `Der er allerede et kort på vej. Det er trykt: ${name}. Brug det, når det kommer. Dit valg her gælder kortet efter det.`,
    comingHelp:
      'Kan du ikke læse det kort, der er på vej? Så gå til Borgerservice. De kan sende et andet i stedet.',
    unprinted: 'Der er et kort på vej, men det er ikke trykt endnu. Det kommer, som du vælger her.',
    question: 'Hvordan skal dit næste kort være?',
    submit: 'Gem valget',
    submitNow: 'Gem, og send et nyt kort nu',
    same: 'Det har du allerede valgt. Vi har ikke ændret noget.',
    confirm: {
      next: (name: string) => `Du er ved at vælge dit næste nøglekort: ${name}.`,
      now: (name: string) => `Du er ved at bestille et nyt nøglekort: ${name}.`,
    },
  },
};
