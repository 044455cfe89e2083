/**
 * The words that rules and settings need. Those of pages are in ui/words and `words.*.ts` next to each
 * feature; those of letters and notices are in delivery/words.
 */
import type { Localized } from './language.ts';

interface ClockWords {
  readonly time: (hours: string, minutes: string) => string;
  /** Added in the hour that occurs twice when clocks go back: "kl. 02.30" would be ambiguous. */
  readonly which: Readonly<Record<'summer' | 'winter' | 'once', string>>;
}

export const CLOCK: Localized<ClockWords> = {
  da: {
    time: (hours, minutes) => `kl. ${hours}.${minutes}`,
    which: { summer: ' (sommertid)', winter: ' (vintertid)', once: '' },
  },
  en: {
    time: (hours, minutes) => `at ${hours}:${minutes}`,
    which: { summer: ' (summer time)', winter: ' (winter time)', once: '' },
  },
};

/** Names of the first-party clients, as the sign-in shows them. */
export const OWN_SITE_NAMES: Readonly<Record<'desk' | 'order' | 'selfService', Localized>> = {
  desk: { da: 'Nøgles skranke', en: 'Nøgle’s desk' },
  order: { da: 'Nøgle', en: 'Nøgle' },
  selfService: { da: 'Nøgles selvbetjening', en: 'Nøgle self-service' },
};

/** Names of the kinds of identification that are accepted by default. */
export const IDENTIFICATION_NAMES = {
  passport: { da: 'Pas', en: 'Passport' },
  drivingLicence: { da: 'Kørekort', en: 'Driving licence' },
  idCard: { da: 'Nationalt ID-kort', en: 'National identity card' },
  residencePermit: { da: 'Opholdskort', en: 'Residence permit' },
} as const satisfies Readonly<Record<string, Localized>>;

/** Words for a place that a person can visit, as relying parties write them. */
export const COUNTERS: Localized<RegExp> = {
  da: /borgerservice|kontor|filial|afdeling|skranke/iu,
  en: /\b(?:branch|counter|desk|office|citizen service)(?:e?s)?\b/iu,
};

/**
 * Sentences that earlier versions wrote into rows in place of a code. The rows are never rewritten, so every
 * version must read them.
 */
export const REASONS_OF_BEFORE = [
  ['Folkeregistret siger, at borgeren har to ID’er', 'two_ids_by_register'],
  ['Kontrol af, at ingen får to ID’er', 'no_second_id'],
  ['Bestilling på nettet fra en med samme navn og fødselsdato', 'no_second_id'],
  ['Legitimation vist ved udstedelse af ID', 'shown_at_issuing'],
  ['Udstedelse af ID fra kommandolinjen', 'issued_by_command'],
  ['Forslag om et nyt CPR-nummer', 'cpr_change'],
  ['Forslag om en medarbejders ID', 'colleague_action'],
] as const;
