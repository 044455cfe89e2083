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

/**
 * The authentication factors. When one is added, the compiler asks for its kind and `amr` (below), where it
 * is stored (db/signIn/signIns.ts) and which form asks for it (features/signIn/routes.ts).
 */
export const FACTORS = ['password', 'card_key'] as const;
export type Factor = (typeof FACTORS)[number];
export type Factors = ReadonlySet<Factor>;

export const PASSWORD: Factors = new Set<Factor>(['password']);

export function withFactor(factors: Factors, factor: Factor): Factors {
  return new Set([...factors, factor]);
}

/** The kind of a factor. Two factors of one kind count as one. */
export type FactorKind = 'knowledge' | 'possession';
export type FactorKinds = ReadonlySet<FactorKind>;

/** The kind of each factor, and its value in `amr` (RFC 8176). */
const WORTH: Record<Factor, { readonly kind: FactorKind; readonly amr: string }> = {
  password: { kind: 'knowledge', amr: 'pwd' },
  card_key: { kind: 'possession', amr: 'otp' },
};

export const NO_KINDS: FactorKinds = new Set<FactorKind>();
export const KNOWLEDGE: FactorKinds = new Set<FactorKind>(['knowledge']);
export const POSSESSION: FactorKinds = new Set<FactorKind>(['possession']);
export const BOTH_KINDS: FactorKinds = new Set<FactorKind>(['knowledge', 'possession']);

export function kindOf(factor: Factor): FactorKind {
  return WORTH[factor].kind;
}

export function kindsOf(factors: Factors): FactorKinds {
  return new Set([...factors].map(kindOf));
}

/**
 * The kinds of factors in the `amr` of a session or a token. Several factors may share a value of `amr`,
 * which therefore identifies only the kind.
 */
export function kindsOfAmr(amr: readonly string[] = []): FactorKinds {
  return kindsOf(new Set(FACTORS.filter((factor) => amr.includes(WORTH[factor].amr))));
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
  const values = FACTORS.filter((factor) => factors.has(factor)).map((factor) => WORTH[factor].amr);
  return [...new Set(values), ...(isTwoFactor(kindsOf(factors)) ? ['mfa'] : [])];
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
  const { values, essential } = required.acr;
  const isAttainable = values.some((value) => isAcrSatisfied(SUBSTANTIAL, value));
  if (essential && values.length > 0 && !isAttainable) return 'unattainable';

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
  if (!isAcrSatisfied(highestAcr(session.proofing), requiredAcr(required))) return 'unattainable';
  // The level of a session does not rise when its person is proofed: another sign-in has it.
  if (hasBoth) return isAcrSatisfied(session.acr, requiredAcr(required)) ? NO_KINDS : BOTH_KINDS;
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

/** Whether the request does not insist on more than Low. */
function isLowAccepted({ essential, values }: RequestedAcr): boolean {
  return !essential || values.length === 0 || values.some((one) => isAcrSatisfied(LOW, one));
}

/** The target level of a sign-in: the most preferred of the levels that exist. */
function wantedAcr({ freshKey, acr }: RequiredAuthentication): string {
  const first = acr.values.find((value) => isAcrSatisfied(SUBSTANTIAL, value));
  return !freshKey && first !== undefined && isAcrSatisfied(LOW, first) ? LOW : SUBSTANTIAL;
}

/**
 * In a step-up, a password older than this is asked for again. A page that began in time gets the same time
 * once more.
 */
export const PASSWORD_REUSE_SECONDS = 300;
