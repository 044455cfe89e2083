/** Chooses what a sign-in shows next. For the key page a challenge is drawn, unless the card has one. */
import type { ClaimValues } from '../../domain/signIn/claims.ts';
import { findMissingConsent, scopesOnConsentPage, listScopesToConsent } from '../../domain/signIn/consent.ts';
import { locateKey, type KeyPlace } from '../../domain/card/cardLayout.ts';
import { drawChallenge, type KeyCard } from '../../domain/card/keyCard.ts';
import { readLockoutPolicies, readLockStatus } from '../../domain/signIn/lockout.ts';
import { isTwoFactor, kindsOf, PASSWORD } from '../../domain/signIn/levels.ts';
import { KEY_PROOF_MINUTES } from '../../domain/relyingParty/firstPartyClient.ts';
import type { PublicSitesFacts } from '../../domain/signIn/publicSites.ts';
import type { RequestSource } from '../../domain/clientContext.ts';
import { PASSWORD_REUSE_SECONDS, type PendingRequest } from '../../domain/signIn/pendingRequest.ts';
import {
  nextSignInStep,
  type SignInOutcome,
  type SignInState,
  type SignInStep,
} from '../../domain/signIn/signIn.ts';
import { findConsent } from '../../db/oidc/consents.ts';
import { findIdentityWithPerson, type IdentityWithPerson } from '../../db/people/identities.ts';
import { setChallenge } from '../../db/cards/keyCards.ts';
import { beginStepUp, signInByPassword } from './password/passwordSignIns.queries.ts';
import { findSignIn, type StoredSignIn } from '../../db/signIn/signIns.ts';
import { applyCardCommand, BY_SYSTEM, findBlockerOfIdentity, readKeyNumberAt } from '../identity/index.ts';
import { readConsentValues } from './consent/consentValues.ts';
import { isHeldByBrowser, makeSignInMac } from './holder/holder.ts';
import { composeWebAuthnRequest, type WebAuthnRequest } from './securityKey/webAuthnRequest.ts';
import { sealClientContext } from '../authentication/index.ts';
import { hasMatchingSession, hidePerson } from './stepUpSession.ts';
import { NOTHING_SHOWN } from './holder/outcomeOfCookie.ts';
import { readInteractionExpiry, hashInteractionId, isSignInOver, type AppContext } from '../appContext.ts';

/** The next page, with everything that it shows. */
export type StepToShow =
  | (Extract<SignInStep, { page: 'password' }> & { webAuthn: WebAuthnRequest })
  | Exclude<SignInStep, { page: 'password' | 'key' | 'new-card' | 'consent' | 'public-sites' | 'done' }>
  | (Extract<SignInStep, { page: 'done' }> & { isStepUp: boolean; owner: IdentityWithPerson | null })
  | { page: 'expired'; isAnswered: boolean }
  | (Omit<Extract<SignInStep, { page: 'key' }>, 'card' | 'securityKeys'> &
      KeyOfCard & {
        /** For the person's security keys; null where none is accepted. */
        webAuthn: WebAuthnRequest | null;
        knownBrowser: boolean;
        isStepUp: boolean;
      })
  | (Extract<SignInStep, { page: 'new-card' }> & AskedKey)
  | (Extract<SignInStep, { page: 'public-sites' }> & { blocker: PublicSitesFacts | null })
  | (Extract<SignInStep, { page: 'consent' }> & { scopes: readonly string[]; values: ClaimValues });

/** `place`: where the number is printed; null where that cannot be described. */
interface AskedKey {
  readonly keyNumber: string;
  readonly place: KeyPlace | null;
}

/** The key that is asked of the card in use; null where no card's key can be given. */
type KeyOfCard =
  | ({ readonly card: KeyCard } & AskedKey)
  | { readonly card: null; readonly keyNumber: null; readonly place: null };

const EMPTY_SIGN_IN = { kind: 'begin_again' } as const;

/**
 * A browser without the newest secret is shown the password page, which reveals nothing about the row.
 * @param holder the secret of the browser that asks; null when it has sent no form yet
 * @param asIf the row to use instead of the stored one
 */
export async function showSignIn(
  context: AppContext,
  request: PendingRequest,
  holder: string | null,
  asIf: StoredSignIn | null = null,
): Promise<StepToShow> {
  const now = context.clock.now();
  const found = asIf ?? (await findOrStartStepUp(context, request, holder, now));
  const stored = found && (asIf || isHeldByBrowser(context, request.id, holder, found)) ? found : null;
  const stepAt = stored?.stepAt ?? new Date(now.getTime() - request.ageMs);
  const isAnswered = found?.isAnswered ?? false;
  if (isAnswered || isSignInOver(stepAt, now)) return { page: 'expired', isAnswered };
  if (await isCardWaitOver(context, stored, now)) return await showSignIn(context, request, holder);

  const signIn = await toSignInState(context, { stored, outcome: found ? EMPTY_SIGN_IN : null }, request);
  // When the relying party asks for the page (`prompt=consent`), it shows everything that is requested.
  const consentRequest = { ...request, isTrusted: request.isTrusted && !request.consentPage };
  const isSignedIn = signIn.signedInAt !== null || !request.signIn;
  const scopes = signIn.identity && isSignedIn ? listScopesToConsent(consentRequest, signIn.identity) : [];
  const missing = findMissingConsent(scopes, await findGivenScopes(context, signIn, request, scopes));
  const step = nextSignInStep(signIn, request, missing, now);
  const { knownBrowser = false, isStepUp = false } = stored ?? {};
  if (step.page === 'consent') {
    // What was agreed to before is not asked about again, unless the relying party wants that.
    const requestedScopes = request.consentPage ? scopes : scopesOnConsentPage(scopes, missing);
    const values = await readConsentValues(context, step.identity.id, requestedScopes, isPresent(stored));
    return { ...step, scopes: requestedScopes, values };
  }
  if (step.page === 'public-sites') {
    const blocker = await findBlockerOfIdentity(context, context.database, step.identity.id);
    // In a step-up the password was given to an earlier request.
    return {
      ...step,
      blocker: blocker ?? (isTwoFactor(kindsOf(step.factors)) && !isStepUp ? null : 'needs_key'),
    };
  }
  if (step.page === 'done') return { ...step, isStepUp, owner: signIn.owner };
  if (step.page === 'password') return { ...step, webAuthn: composeWebAuthnRequest([]) };
  if (step.page !== 'key' && step.page !== 'new-card') return step;
  if (step.page === 'key') {
    const { card, securityKeys, ...rest } = step;
    const webAuthn = securityKeys.length === 0 ? null : composeWebAuthnRequest(securityKeys);
    const shown = { ...rest, webAuthn, knownBrowser, isStepUp };
    if (card === null) return { ...shown, card, keyNumber: null, place: null };
    const asked = await askForKey(context, card);
    return asked ? { ...shown, card, ...asked } : await showSignIn(context, request, holder);
  }

  const asked = await askForKey(context, step.card);
  return asked ? { ...step, ...asked } : await showSignIn(context, request, holder);
}

/**
 * Draws a challenge, unless the card has one. Returns null when the card went out of use since it was read:
 * the state has changed.
 */
async function askForKey(context: AppContext, card: KeyCard): Promise<AskedKey | null> {
  const challenge = card.challenge ?? (await drawStoredChallenge(context, card.id, card.spent));
  const keyNumber = challenge === null ? undefined : readKeyNumberAt(context, card, challenge);
  if (challenge === null || keyNumber === undefined) return null;
  return { keyNumber, place: locateKey(challenge, card.format) };
}

/**
 * Both factors were given in this sign-in, recently enough that the same person is likely still at the
 * browser.
 */
function isPresent(stored: StoredSignIn | null): boolean {
  if (!stored?.signedInAt || !isTwoFactor(kindsOf(stored.factors))) return false;
  return stored.now.getTime() - stored.signedInAt.getTime() <= KEY_PROOF_MINUTES * 60_000;
}

/** When only a key is missing, the recent password of the session is taken over, once. */
async function findOrStartStepUp(
  context: AppContext,
  { id, stepUp, signIn }: PendingRequest,
  holder: string | null,
  now: Date,
): Promise<StoredSignIn | null> {
  const { database } = context;
  const interaction = hashInteractionId(context, id);
  // The browser has sent no form of this sign-in, so there is no row to look for.
  if (holder === null && !stepUp && signIn) return null;
  const stored = await findSignIn(database, interaction);
  if (stored && !hasMatchingSession(stored, stepUp?.sessionUid ?? null)) return hidePerson(stored);
  if (stored || !stepUp) return stored;
  const { accountId: identityId, sessionUid, passwordAt } = stepUp;
  const expiresAt = readInteractionExpiry(now);
  const atMostSeconds = PASSWORD_REUSE_SECONDS;
  const facts = { identityId, passwordAt, sessionUid, signedInAt: null, factors: PASSWORD };
  const mac = makeSignInMac(context, id, facts, null);
  const start = { identityId, sessionUid, passwordAt, atMostSeconds, now, expiresAt, mac };
  await beginStepUp(database, interaction, start);
  return await findSignIn(database, interaction);
}

/**
 * Completes a sign-in that requires only the password: one audit event, and a notice for an unknown browser.
 */
export async function signInWithPassword(
  context: AppContext,
  { id, clientId }: PendingRequest,
  holder: string | null,
  requestSource: RequestSource,
): Promise<void> {
  const { database, random, clock, keyring } = context;
  const now = clock.now();
  const interaction = hashInteractionId(context, id);
  const stored = await findSignIn(database, interaction);
  if (!stored || !isHeldByBrowser(context, id, holder, stored)) return;
  const seen = sealClientContext(keyring, stored.logSalt, requestSource);
  const signedIn = { ...stored.facts, signedInAt: stored.now, factors: PASSWORD };
  await signInByPassword(database, interaction, {
    passwordAt: stored.passwordAt,
    signedInAt: stored.now,
    holder: stored.holder,
    mac: makeSignInMac(context, id, signedIn, stored.holder),
    event: { kind: 'signed_in_with_password', details: { clientId, ...seen } },
    notice: { id: random.uuid(), details: { relyingParty: clientId, at: now.toISOString(), ...seen } },
    now,
    expiresAt: readInteractionExpiry(now),
  });
}

/**
 * Ends a wait whose time has passed: the scheduled job runs every few seconds and may be late, and no one is
 * turned away because of that.
 */
async function isCardWaitOver(context: AppContext, stored: StoredSignIn | null, now: Date): Promise<boolean> {
  const { identity, comingCard } = stored ?? {};
  if (!identity || !comingCard?.activatesAt || comingCard.activatesAt > now) return false;
  const command = { kind: 'end_wait', now, skip: false } as const;
  return (await applyCardCommand(context, identity.id, command, BY_SYSTEM)) === 'done';
}

async function drawStoredChallenge(
  context: AppContext,
  cardId: string,
  spent: string,
): Promise<number | null> {
  const drawn = drawChallenge(spent, context.random);
  return drawn === null ? null : await setChallenge(context.database, cardId, drawn);
}

async function findGivenScopes(
  context: AppContext,
  { identity }: SignInState,
  request: PendingRequest,
  scopes: readonly string[],
): Promise<string[]> {
  if (!identity || scopes.length === 0) return [];
  return await findConsent(context.database, identity.id, request.clientId);
}

/** Reads the lock of the person's keys from the counters that came with the row. */
function findKeyLock({ rules, clock }: AppContext, { identity, keyTries, now }: StoredSignIn): Date | null {
  if (!identity) return null;
  const at = new Date(now.getTime() + clock.offsetMs);
  const status = readLockStatus(keyTries.attempts, readLockoutPolicies(rules).key, at);
  return status.kind === 'locked' ? status.opensAt : null;
}

async function toSignInState(
  context: AppContext,
  { stored, outcome }: { stored: StoredSignIn | null; outcome: SignInOutcome | null },
  request: PendingRequest,
): Promise<SignInState & { owner: IdentityWithPerson | null }> {
  const emptyState = { ...NOTHING_SHOWN, owner: null, outcome };
  const { typedNameSealed, ...rest } = stored ?? { ...emptyState, identity: null, typedNameSealed: null };
  const typedName = typedNameSealed
    ? context.keyring.open('records', typedNameSealed, hashInteractionId(context, request.id))
    : '';
  const keysLockedUntil = stored && findKeyLock(context, stored);
  if (request.signIn) return { ...rest, keysLockedUntil, typedName };
  // Someone is signed in already, and only the rest is asked: factors that are given here do not count for
  // them.
  const found = request.accountId ? await findIdentityWithPerson(context.database, request.accountId) : null;
  return {
    ...emptyState,
    typedName,
    consented: rest.consented,
    identity: found?.identity ?? null,
    owner: found,
  };
}
