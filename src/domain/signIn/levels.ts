/**
 * Levels of assurance as Danish relying parties know them: the NSIS URIs. Nøgle is not NSIS-notified; the
 * levels state which authentication took place. Never High: a printed list of keys does not meet it.
 *
 * What a request is missing is decided here for every combination; docs/reference/levels.md lists them all.
 */
import type { ProofingLevel } from '../person/person.ts';

export const LOW = 'https://data.gov.dk/concept/core/nsis/loa/Low';
export const SUBSTANTIAL = 'https://data.gov.dk/concept/core/nsis/loa/Substantial';
export const ACR_VALUES: readonly string[] = [LOW, SUBSTANTIAL];

/** A factor that cannot be phished; one that is vouched for, too (OpenID Connect EAP ACR Values 1.0). */
export const PHISHING_RESISTANT = 'phr';
export const PHISHING_RESISTANT_HARDWARE = 'phrh';
export const RESISTANCES = [PHISHING_RESISTANT, PHISHING_RESISTANT_HARDWARE] as const;
export type PhishingResistance = (typeof RESISTANCES)[number];

/** All values of `acr` and `acr_values`. */
export const SUPPORTED_ACR_VALUES: readonly string[] = [...ACR_VALUES, ...RESISTANCES];

/**
 * The authentication factors. `passkey`: a WebAuthn credential that may be on several devices.
 * `security_key`: one that says that it never leaves its device. `attested_key`: one of a model that its
 * maker vouched for. When a factor is added, the compiler asks for its kinds and `amr` (below), and where it
 * is stored (db/signIn/signInRow.ts).
 */
export const FACTORS = [
  'password',
  'card_key',
  'code_token',
  'passkey',
  'security_key',
  'attested_key',
] as const;
export type Factor = (typeof FACTORS)[number];
export type Factors = ReadonlySet<Factor>;

export const PASSWORD: Factors = new Set<Factor>(['password']);

export function withFactor(factors: Factors, factor: Factor): Factors {
  return new Set([...factors, factor]);
}

/** The kind of a factor. Two factors of one kind count as one. */
export type FactorKind = 'knowledge' | 'possession';
export type FactorKinds = ReadonlySet<FactorKind>;

export const NO_KINDS: FactorKinds = new Set<FactorKind>();
export const KNOWLEDGE: FactorKinds = new Set<FactorKind>(['knowledge']);
export const POSSESSION: FactorKinds = new Set<FactorKind>(['possession']);
export const BOTH_KINDS: FactorKinds = new Set<FactorKind>(['knowledge', 'possession']);

interface FactorWorth {
  readonly kinds: FactorKinds;
  /** Values of `amr` (RFC 8176), which together stand for the factor. */
  readonly amr: readonly string[];
}

/**
 * What each factor proves. A WebAuthn credential is both kinds: it is only accepted when the device has
 * verified its user, by a PIN or biometrics.
 */
const WORTH: Record<Factor, FactorWorth> = {
  password: { kinds: KNOWLEDGE, amr: ['pwd'] },
  card_key: { kinds: POSSESSION, amr: ['otp'] },
  code_token: { kinds: POSSESSION, amr: ['otp'] },
  passkey: { kinds: BOTH_KINDS, amr: ['swk', 'user'] },
  security_key: { kinds: BOTH_KINDS, amr: ['hwk', 'user'] },
  attested_key: { kinds: BOTH_KINDS, amr: ['hwk', 'user'] },
};

export function kindsOf(factors: Factors): FactorKinds {
  return new Set([...factors].flatMap((factor) => [...WORTH[factor].kinds]));
}

/**
 * The kinds of factors in the `amr` of a session or a token. Several factors may share their values of `amr`,
 * which therefore identify only the kinds.
 */
export function kindsOfAmr(amr: readonly string[] = []): FactorKinds {
  return kindsOf(
    new Set(FACTORS.filter((factor) => WORTH[factor].amr.every((value) => amr.includes(value)))),
  );
}

export function isTwoFactor(kinds: FactorKinds): boolean {
  return includesKinds(kinds, BOTH_KINDS);
}

/** Whether all required kinds were given. */
export function includesKinds(kinds: FactorKinds, required: FactorKinds): boolean {
  return [...required].every((kind) => kinds.has(kind));
}

/** The `amr` values in the order of `FACTORS`; with `mfa` when they are of two kinds. */
export function amrOf(factors: Factors): string[] {
  const values = FACTORS.filter((factor) => factors.has(factor)).flatMap((factor) => WORTH[factor].amr);
  return [...new Set(values), ...(isTwoFactor(kindsOf(factors)) ? ['mfa'] : [])];
}

/** The resistance to phishing of these factors; null for none. */
export function resistanceOf(factors: Factors): PhishingResistance | null {
  if (factors.has('attested_key')) return PHISHING_RESISTANT_HARDWARE;
  return factors.has('security_key') || factors.has('passkey') ? PHISHING_RESISTANT : null;
}

/** The resistance that an `amr` shows. Who vouched for a key counts only within the request of its use. */
export function resistanceOfAmr(amr: readonly string[] = []): PhishingResistance | null {
  const isWebAuthn = (['passkey', 'security_key'] as const).some((factor) =>
    WORTH[factor].amr.every((value) => amr.includes(value)),
  );
  return isWebAuthn ? PHISHING_RESISTANT : null;
}

/** The stronger of the two satisfies both. */
export function isResistant(given: PhishingResistance | null, required: PhishingResistance | null): boolean {
  return required === null || given === PHISHING_RESISTANT_HARDWARE || given === required;
}

/**
 * The resistance below which no code is issued. It is required when the request names nothing else that
 * exists: with a level beside it, it is a preference.
 */
function requiredResistance({ values }: Pick<RequestedAcr, 'values'>): PhishingResistance | null {
  if (values.some(isAttainable)) return null;
  return RESISTANCES.find((one) => values.includes(one)) ?? null;
}

/** The value is a level that someone can reach. */
function isAttainable(value: string): boolean {
  return isAcrSatisfied(SUBSTANTIAL, value);
}

/** The level of what was shown, regardless of whose it is. */
export function shownAcr(kinds: FactorKinds): string {
  return isTwoFactor(kinds) ? SUBSTANTIAL : LOW;
}

/** The value of the claim `proofing`, and of `min_proofing`. */
export function proofingUri(proofing: ProofingLevel): string {
  return PROOFING_URIS[proofing];
}

const PROOFING_URIS: Record<ProofingLevel, string> = { Low: LOW, Substantial: SUBSTANTIAL };

/** Whether a person with this proofing may sign in where the registration has this `min_proofing`. */
export function isProofingEnough(proofing: ProofingLevel, minimumProofing: string): boolean {
  return isAcrSatisfied(proofingUri(proofing), minimumProofing);
}

/** The level of these factors for an identity with this proofing: the lower of the two. */
export function acrOf(factors: Factors, proofing: ProofingLevel): string {
  const shown = shownAcr(kindsOf(factors));
  return isAcrSatisfied(proofingUri(proofing), shown) ? shown : proofingUri(proofing);
}

/** The highest level that an identity with this proofing can reach. */
export function highestAcr(proofing: ProofingLevel): string {
  return acrOf(new Set(FACTORS), proofing);
}

/** Some brokers drop the `/loa/` part: both spellings are accepted, the one with it is emitted. */
export function normalizeAcr(acr: string): string {
  return acr.replace(
    /^(https:\/\/data\.gov\.dk\/concept\/core\/nsis\/)(?=(Low|Substantial|High)$)/,
    '$1loa/',
  );
}

/** A higher level satisfies a lower request. An unknown level is above all of Nøgle's levels. */
export function isAcrSatisfied(achieved: string | undefined, requested: string): boolean {
  const rank = ACR_VALUES.indexOf(normalizeAcr(requested));
  return rank !== -1 && ACR_VALUES.indexOf(achieved ?? '') >= rank;
}

/** The levels that a request names, most preferred first. Essential: one of them, or an error. */
export interface RequestedAcr {
  readonly values: readonly string[];
  readonly essential: boolean;
}

/** What a relying party's registration and its request require of a sign-in. */
export interface RequiredAuthentication {
  /** The least that must be shown: Low is a password, Substantial two factors. */
  readonly minimumAcr: string;
  /** The least proofing of the person, regardless of what they show. */
  readonly minimumProofing: string;
  /** A key must be spent within this request. */
  readonly freshKey: boolean;
  readonly acr: RequestedAcr;
  /** The existing sign-in no longer counts: `prompt=login`, or it is older than `max_age`. */
  readonly again: boolean;
}

/** The authentication that the browser's session is based on. */
export interface SessionLevel {
  readonly acr: string | undefined;
  readonly amr: readonly string[];
  /** The proofing of its person now. It may be better than at the sign-in, which `acr` is based on. */
  readonly proofing: ProofingLevel;
  /** That of a sign-in within this request; where absent, what `amr` shows counts. */
  readonly resistance?: PhishingResistance | null;
}

/**
 * The kinds of factors still to be given; empty when nothing is missing. Only possession: the password was
 * given already, and a second factor raises the session. `unattainable`: not for this person, or not for
 * anyone.
 */
export type MissingAuthentication = FactorKinds | 'unattainable';

/** @param session null when no one is signed in */
export function missingAuthentication(
  required: RequiredAuthentication,
  session: SessionLevel | null,
): MissingAuthentication {
  const resistance = requiredResistance(required.acr);
  const { values, essential } = required.acr;
  const isNoneAttainable = values.length > 0 && resistance === null && !values.some(isAttainable);
  if (essential && isNoneAttainable) return 'unattainable';
  const hasBoth = session !== null && isTwoFactor(kindsOfAmr(session.amr));
  // Both are the default: a password alone is only for requests that ask for it, where the registration lets
  // it be enough. A person whose proofing is Low has `acr` Low with both factors too: that is not the same.
  const isPasswordEnough =
    required.minimumAcr === LOW && isLowAccepted(required.acr) && wantedAcr(required) === LOW;
  const signIn = isPasswordEnough ? KNOWLEDGE : BOTH_KINDS;
  if (session === null) return signIn;
  // The level of a session never falls: a person who signs in again within it repeats the factors that it is
  // based on.
  if (required.again) return hasBoth ? BOTH_KINDS : signIn;
  if (required.freshKey) return BOTH_KINDS;
  // No factor raises the proofing. Where it is too low for the registration, a prompt of its own says so.
  if (!isProofingEnough(session.proofing, required.minimumProofing)) return NO_KINDS;
  // A security key is asked for in place of the password too, whatever else was given.
  const given = session.resistance ?? resistanceOfAmr(session.amr);
  const needed = adaptToProofing(composeRequirement(required), session.proofing);
  if (!isResistant(given, needed.resistance)) return BOTH_KINDS;
  if (!isAcrSatisfied(highestAcr(session.proofing), needed.minimumAcr)) return 'unattainable';
  // The level of a session does not rise when its person is proofed: another sign-in has it.
  if (hasBoth) return isAcrSatisfied(session.acr, needed.minimumAcr) ? NO_KINDS : BOTH_KINDS;
  return isTwoFactor(signIn) ? POSSESSION : NO_KINDS;
}

/**
 * The level below which no code is issued: Substantial if the request insists on it, or if the registration
 * requires both two factors and a proofing that is Substantial.
 */
export function requiredAcr({
  minimumAcr,
  minimumProofing,
  acr,
}: Pick<RequiredAuthentication, 'minimumAcr' | 'minimumProofing' | 'acr'>): string {
  const isLowRegistered = minimumAcr === LOW || minimumProofing === LOW;
  return isLowRegistered && isLowAccepted(acr) ? LOW : SUBSTANTIAL;
}

/** What is required of a sign-in before it is known whose it is. */
export interface Requirement {
  /** The level below which no code is issued. */
  readonly minimumAcr: string;
  /** The resistance to phishing below which no code is issued; null where none is required. */
  readonly resistance: PhishingResistance | null;
  /** The resistance that does where a proofing does not reach the level; null where none does. */
  readonly resistanceInstead: PhishingResistance | null;
}

export function composeRequirement(required: RequiredAuthentication): Requirement {
  const { essential, values } = required.acr;
  return {
    minimumAcr: requiredAcr(required),
    resistance: requiredResistance(required.acr),
    resistanceInstead: (essential && RESISTANCES.find((one) => values.includes(one))) || null,
  };
}

/**
 * An essential list is met by any of its values (OpenID Connect Core, 5.5.1.1): of an ID that cannot reach
 * the level in it, the resistance is required.
 */
export function adaptToProofing<R extends Requirement>(requirement: R, proofing: ProofingLevel): R {
  const { minimumAcr, resistanceInstead } = requirement;
  if (resistanceInstead === null || isAcrSatisfied(highestAcr(proofing), minimumAcr)) return requirement;
  return { ...requirement, minimumAcr: LOW, resistance: resistanceInstead };
}

/** Whether the request does not insist on more than Low. A required resistance takes the place of a level. */
function isLowAccepted({ essential, values }: RequestedAcr): boolean {
  if (!essential || values.length === 0 || requiredResistance({ values }) !== null) return true;
  return values.some((one) => isAcrSatisfied(LOW, one));
}

/** The target level of a sign-in: the most preferred of the levels that exist. */
function wantedAcr({ freshKey, acr }: RequiredAuthentication): string {
  const first = acr.values.find(isAttainable);
  return !freshKey && first !== undefined && isAcrSatisfied(LOW, first) ? LOW : SUBSTANTIAL;
}
