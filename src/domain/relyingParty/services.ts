/**
 * What people need an ID for, and what they can do without one, in the words of the relying parties. Pure:
 * the list is passed in; this module sorts and searches it.
 */
import { localize, type Language, type Localized } from '../language/language.ts';
import { COUNTERS } from '../language/words.ts';

/** A relying party's texts for the public list; all of them or none. */
export interface ServiceWords {
  /** What it needs the ID for. */
  readonly purpose: string;
  /** What to do without an ID; it must name a way that needs no screen. */
  readonly without: string;
}

export interface Service {
  readonly kind: 'bank' | 'public';
  readonly name: Localized;
  /** Null when the relying party has registered none: the general way applies to it. */
  readonly words: Localized<ServiceWords> | null;
  /** Where people begin there; null when it has registered no page. */
  readonly homePage: string | null;
}

/**
 * A stored address as a link. Registrations are validated, but a list on a public page is shown even if a row
 * is wrong: then without the link. @returns null for none, and for what is not a page on the web
 */
export function readHomePage(stored: string | null): string | null {
  const url = stored === null ? null : URL.parse(stored);
  return url && /^https?:$/.test(url.protocol) && url.username === '' ? url.href : null;
}

/**
 * An address with a postcode, a phone number, or a place to visit: a person without an ID may have no
 * computer either.
 */
const OFFLINE_WAYS: readonly RegExp[] = [
  /\b(?:DK-)?[0-9]{4}\s+\p{Lu}/u,
  /(?<![0-9])(?:[0-9][ .]?){7}[0-9](?![0-9])/,
  ...Object.values(COUNTERS),
];

export function mentionsOfflineWay(text: string): boolean {
  return OFFLINE_WAYS.some((way) => way.test(text));
}

/**
 * Folds text for search: case and accents do not count, and ae, oe and aa stand for æ, ø and å, which foreign
 * keyboards do not have.
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
  /** All searchable text, folded. */
  readonly text: string;
}

/**
 * The services in alphabetical order of each language. Folding and sorting are expensive, so both are done
 * once for a list.
 */
export type ServiceDirectory = Localized<readonly ListedService[]>;

export function arrangeServices(services: readonly Service[]): ServiceDirectory {
  const arrange = (language: Language) => {
    const { compare } = new Intl.Collator(language);
    return services
      .map((service) => {
        const words = service.words?.[language];
        const names = Object.values(service.name);
        return { service, text: foldSearchWords([...names, words?.purpose, words?.without].join(' ')) };
      })
      .toSorted((one, other) => compare(one.service.name[language], other.service.name[language]));
  };
  return localize(arrange);
}

/** The services that contain every word of the query. An empty query returns all. */
export function findServices(directory: ServiceDirectory, asked: string, language: Language): Service[] {
  const words = foldSearchWords(asked).split(' ');
  return directory[language]
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .map(({ service }) => service);
}
