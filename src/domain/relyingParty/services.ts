/**
 * What people need an ID for, and what they do without one, in the words of the relying parties themselves. Pure: the
 * list is handed in, sorted and searched here.
 */
import { localize, type Language, type Localized } from '../language/language.ts';
import { COUNTERS } from '../language/words.ts';

/** What a relying party says of itself on the public list; all of it or nothing. */
export interface ServiceWords {
  /** What it needs the ID for. */
  readonly purpose: string;
  /** What to do without an ID: a way that needs no screen is named. */
  readonly without: string;
}

export interface Service {
  readonly kind: 'bank' | 'public';
  readonly name: Localized;
  /** Null where the relying party has registered none: the general way holds for it. */
  readonly words: Localized<ServiceWords> | null;
}

/** An address with its postcode, a phone number, or somewhere to go: whoever has no ID may have no computer either. */
const OFFLINE_WAYS: readonly RegExp[] = [
  /\b(?:DK-)?[0-9]{4}\s+\p{Lu}/u,
  /(?<![0-9])(?:[0-9][ .]?){7}[0-9](?![0-9])/,
  ...Object.values(COUNTERS),
];

export function mentionsOfflineWay(text: string): boolean {
  return OFFLINE_WAYS.some((way) => way.test(text));
}

/**
 * As words are compared in a search: case and accents do not count, and ae, oe and aa stand for the three letters that
 * foreign keyboards lack.
 */
export function foldSearchWords(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'oe')
    .replaceAll('å', 'aa')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

interface ListedService {
  readonly service: Service;
  /** All that is looked through, folded. */
  readonly text: string;
}

/** In each language in the order of its alphabet. To fold and to sort is dear: it is done once for a list. */
export type ServiceDirectory = Localized<readonly ListedService[]>;

export function arrangeServices(services: readonly Service[]): ServiceDirectory {
  const arrange = (language: Language) => {
    const { compare } = new Intl.Collator(language);
    return services
      .map((service) => {
        const own = service.words?.[language];
        const names = Object.values(service.name);
        return { service, text: foldSearchWords([...names, own?.purpose, own?.without].join(' ')) };
      })
      .toSorted((one, other) => compare(one.service.name[language], other.service.name[language]));
  };
  return localize(arrange);
}

/** Those in which every word asked for occurs. Without a word, all of them. */
export function findServices(directory: ServiceDirectory, asked: string, language: Language): Service[] {
  const words = foldSearchWords(asked).split(' ');
  return directory[language]
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .map(({ service }) => service);
}
