/**
 * Levels of assurance as Danish relying parties know them: the NSIS URIs. Nøgle is not NSIS-notified; the levels
 * say what was shown at sign-in. Never High: a printed list of keys does not meet it.
 *
 * What a request is missing is decided here, once, for every combination; docs/reference/levels.md has them all.
 */
import type { ProofingLevel } from '../person/person.ts';

export const LOW = 'https://data.gov.dk/concept/core/nsis/loa/Low';
export const SUBSTANTIAL = 'https://data.gov.dk/concept/core/nsis/loa/Substantial';
export const ACR_VALUES: readonly string[] = [LOW, SUBSTANTIAL];

/**
 * All that a person can show. The compiler asks about one that is added: what it is worth (below), where it
 * is stored (db/signIn/signIns.ts), which form shows it (features/signIn/routes.ts).
 */
export const FACTORS = ['password', 'card_key'] as const;
export type Factor = (typeof FACTORS)[number];
export type Factors = ReadonlySet<Factor>;

export const PASSWORD: Factors = new Set<Factor>(['password']);

export function withFactor(factors: Factors, factor: Factor): Factors {
  return new Set([...factors, factor]);
}

/** Two factors of one kind are worth one. */
export type FactorKind = 'knowledge' | 'possession';
export type FactorKinds = ReadonlySet<FactorKind>;

/** What each is, and its value in `amr` (RFC 8176). */
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

/** Of a session or a token. Several factors may share a value of `amr`: it tells their kind alone. */
export function kindsOfAmr(amr: readonly string[] = []): FactorKinds {
  return kindsOf(new Set(FACTORS.filter((factor) => amr.includes(WORTH[factor].amr))));
}

export function isTwoFactor(kinds: FactorKinds): boolean {
  return includesKinds(kinds, BOTH_KINDS);
}

/** All that is required was shown. */
export function includesKinds(shown: FactorKinds, required: FactorKinds): boolean {
  return [...required].every((kind) => shown.has(kind));
}

/** In the order of the factors; `mfa` where they are of two kinds. */
export function amrOf(factors: Factors): string[] {
  const values = FACTORS.filter((factor) => factors.has(factor)).map((factor) => WORTH[factor].amr);
  return [...new Set(values), ...(isTwoFactor(kindsOf(factors)) ? ['mfa'] : [])];
}

/** What they are worth for an identity proofed so well: the lower of the two. */
export function acrOf(factors: Factors, proofing: ProofingLevel): string {
  return isTwoFactor(kindsOf(factors)) && proofing === 'Substantial' ? SUBSTANTIAL : LOW;
}

/** What an identity proofed so well can reach. */
export function highestAcr(proofing: ProofingLevel): string {
  return acrOf(new Set(FACTORS), proofing);
}

/** Some brokers drop the `/loa/` part: accept both, emit the first. */
export function normalizeAcr(acr: string): string {
  return acr.replace(
    /^(https:\/\/data\.gov\.dk\/concept\/core\/nsis\/)(?=(Low|Substantial|High)$)/,
    '$1loa/',
  );
}

/** A higher level satisfies a lower request. An unknown level is above all that we have. */
export function isAcrSatisfied(shown: string | undefined, requested: string): boolean {
  const rank = ACR_VALUES.indexOf(normalizeAcr(requested));
  return rank !== -1 && ACR_VALUES.indexOf(shown ?? '') >= rank;
}

/** The levels that a request names, the most wanted first. Essential: one of them, or an error. */
export interface RequestedAcr {
  readonly values: readonly string[];
  readonly essential: boolean;
}

/** What a relying party's registration and its request require of a sign-in. */
export interface RequiredAuthentication {
  /** The registration's minimum. */
  readonly minimumAcr: string;
  /** A key spent within this very request. */
  readonly freshKey: boolean;
  readonly acr: RequestedAcr;
  /** The sign-in that there is counts no more: `prompt=login`, or it is older than `max_age`. */
  readonly again: boolean;
}

/** What the session of the browser stands on. */
export interface SessionLevel {
  readonly acr: string | undefined;
  readonly amr: readonly string[];
}

/**
 * What is still to be shown; none where nothing is missing. Possession alone: the password was shown already,
 * and a second factor raises it. `unattainable`: not by this person, or by no one.
 */
export type MissingAuthentication = FactorKinds | 'unattainable';

/** @param shown null where no one is signed in. */
export function missingAuthentication(
  required: RequiredAuthentication,
  shown: SessionLevel | null,
): MissingAuthentication {
  const { values, essential } = required.acr;
  const isAttainable = values.some((value) => isAcrSatisfied(SUBSTANTIAL, value));
  if (essential && values.length > 0 && !isAttainable) return 'unattainable';

  const hasBoth = shown !== null && isTwoFactor(kindsOfAmr(shown.amr));
  // Where nothing is asked, both are: a password alone is for those who ask for it, and may.
  const signIn = requiredAcr(required) === LOW && wantedAcr(required) === LOW ? KNOWLEDGE : BOTH_KINDS;
  if (shown === null) return signIn;
  // The level of a session never falls: a person who signs in again in it shows what it stands on.
  if (required.again) return hasBoth ? BOTH_KINDS : signIn;
  if (required.freshKey) return BOTH_KINDS;
  if (hasBoth) return isAcrSatisfied(shown.acr, requiredAcr(required)) ? NO_KINDS : 'unattainable';
  return isTwoFactor(signIn) ? POSSESSION : NO_KINDS;
}

/** Below it nothing is given: Substantial unless registration and request are content with Low. */
export function requiredAcr({ minimumAcr, acr }: Pick<RequiredAuthentication, 'minimumAcr' | 'acr'>): string {
  const isLowEnough =
    !acr.essential || acr.values.length === 0 || acr.values.some((one) => isAcrSatisfied(LOW, one));
  return minimumAcr === LOW && isLowEnough ? LOW : SUBSTANTIAL;
}

/** What a sign-in aims at: the most wanted of the levels that there are. */
function wantedAcr({ freshKey, acr }: RequiredAuthentication): string {
  const first = acr.values.find((value) => isAcrSatisfied(SUBSTANTIAL, value));
  return !freshKey && first !== undefined && isAcrSatisfied(LOW, first) ? LOW : SUBSTANTIAL;
}

/**
 * A password is asked for again in a step-up when it is older than this. A page that was begun in time has as
 * long once more.
 */
export const PASSWORD_REUSE_SECONDS = 300;
