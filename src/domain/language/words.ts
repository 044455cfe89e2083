/**
 * The words that rules and settings have of their own. Those of pages are in words.*.ts, those of letters and
 * notices in post/words.
 */
import type { Localized } from './language.ts';

interface ClockWords {
  readonly time: (hours: string, minutes: string) => string;
  /**
   * Said in the night in which clocks go back, when an hour comes twice: "kl. 02.30" alone would be either.
   */
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

/** Of our own sites, as the sign-in says where it leads. */
export const OWN_SITE_NAMES: Readonly<Record<'desk' | 'order' | 'selfService', Localized>> = {
  desk: { da: 'Nøgles skranke', en: 'The Nøgle desk' },
  order: { da: 'Nøgle', en: 'Nøgle' },
  selfService: { da: 'Nøgles selvbetjening', en: 'Nøgle self-service' },
};

/** Of the kinds of identification that are accepted where no setting says otherwise. */
export const IDENTIFICATION_NAMES = {
  passport: { da: 'Pas', en: 'Passport' },
  drivingLicence: { da: 'Kørekort', en: 'Driving licence' },
  idCard: { da: 'Nationalt ID-kort', en: 'National identity card' },
  residencePermit: { da: 'Opholdskort', en: 'Residence permit' },
} as const satisfies Readonly<Record<string, Localized>>;

/** Words for a place that a person can go to, as relying parties write them. */
export const COUNTERS: Localized<RegExp> = {
  da: /borgerservice|kontor|filial|afdeling|skranke/iu,
  en: /\b(?:branch|counter|desk|office|citizen service)(?:e?s)?\b/iu,
};

/**
 * What earlier versions wrote into rows in place of a code. They are never rewritten, and read by every
 * version.
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
