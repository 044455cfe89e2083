/** What a sign-in shows next. On the way to the key page a challenge is drawn, unless the card has one. */
import type { ClaimValues } from '../../core/claims.ts';
import { missingConsent, scopesOnConsentPage, scopesToConsent } from '../../core/consent.ts';
import { drawChallenge } from '../../core/keyCard.ts';
import { isTwoFactor, kindsOf, PASSWORD, PASSWORD_COUNTS_SECONDS } from '../../core/levels.ts';
import { PROOF_MINUTES } from '../../core/ownSite.ts';
import type { PublicSitesHurdle } from '../../core/publicSites.ts';
import type { Visit } from '../../core/selfService/seen.ts';
import type { PendingRequest } from '../../core/signIn/pendingRequest.ts';
import { nextStep, type Outcome, type SignIn, type Step } from '../../core/signIn.ts';
import { findConsent } from '../../store/consents.ts';
import { findIdentityWithPerson, type IdentityWithPerson } from '../../store/identities.ts';
import { setChallenge } from '../../store/keyCards.ts';
import { beginStepUp, signInByPassword } from '../../store/passwordSignIns.ts';
import { findSignIn, type StoredSignIn } from '../../store/signIns.ts';
import { BY_SYSTEM, doCardDeed } from '../cardDeeds.ts';
import { findPublicSitesBar } from '../choosePublicSites.ts';
import { readConsentValues } from './consent.ts';
import { isTheirs, macOfFacts } from './holder.ts';
import { readKeyNumber } from '../readCard.ts';
import { sealSeen } from '../seen.ts';
import { bringsItsSession, withoutPerson } from './stepUpSession.ts';
import { NOTHING_SHOWN } from './unjudgedForm.ts';
import { interactionExpiry, interactionKey, isSignInOver, type World } from '../world.ts';

/** What is next, with all that its page shows. */
export type StepToShow =
  | Exclude<Step, { page: 'key' | 'new-card' | 'consent' | 'public-sites' | 'done' }>
  | (Extract<Step, { page: 'done' }> & { isStepUp: boolean; owner: IdentityWithPerson | null })
  | { page: 'expired' }
  | (Extract<Step, { page: 'key' }> & { keyNumber: string; knownBrowser: boolean; isStepUp: boolean })
  | (Extract<Step, { page: 'new-card' }> & { keyNumber: string })
  | (Extract<Step, { page: 'public-sites' }> & { bar: PublicSitesHurdle | null })
  | (Extract<Step, { page: 'consent' }> & { scopes: readonly string[]; values: ClaimValues });

const BEGIN_AGAIN = { kind: 'begin_again' } as const;

/**
 * What a browser without the newest secret sees is the password page, which says nothing of the row.
 * @param holder the secret of the browser that asks; null where it sent no form yet
 */
export async function showSignIn(
  world: World,
  request: PendingRequest,
  holder: string | null,
  asIf: StoredSignIn | null = null,
): Promise<StepToShow> {
  const now = world.clock.now();
  const found = asIf ?? (await findOrBegin(world, request, holder, now));
  const stored = found && (asIf || isTheirs(world, request.id, holder, found)) ? found : null;
  const stepAt = stored?.stepAt ?? new Date(now.getTime() - request.ageMs);
  if (found?.isAnswered || isSignInOver(stepAt, now)) return { page: 'expired' };
  if (await hasWaitedLongEnough(world, stored, now)) return await showSignIn(world, request, holder);

  const signIn = await openSignIn(world, { stored, outcome: found ? BEGIN_AGAIN : null }, request);
  // The relying party wants the page: all that it asks for is on it.
  const ofConsent = { ...request, isTrusted: request.isTrusted && !request.consentPage };
  const isSignedIn = signIn.signedInAt !== null || !request.signIn;
  const scopes = signIn.identity && isSignedIn ? scopesToConsent(ofConsent, signIn.identity) : [];
  const missing = missingConsent(scopes, await remember(world, signIn, request, scopes));
  const step = nextStep(signIn, request, missing, now);
  const { knownBrowser = false, isStepUp = false } = stored ?? {};
  if (step.page === 'consent') {
    // What was agreed to before is not asked about again, unless the relying party wants that.
    const asked = request.consentPage ? scopes : scopesOnConsentPage(scopes, missing);
    const values = await readConsentValues(world, step.identity.id, asked, isPresent(stored));
    return { ...step, scopes: asked, values };
  }
  if (step.page === 'public-sites') {
    const bar = await findPublicSitesBar(world, world.database, step.identity.id);
    // The password of a step-up was shown to an earlier request.
    return { ...step, bar: bar ?? (isTwoFactor(kindsOf(step.factors)) && !isStepUp ? null : 'needs_key') };
  }
  if (step.page === 'done') return { ...step, isStepUp, owner: signIn.owner };
  if (step.page !== 'key' && step.page !== 'new-card') return step;

  const challenge = step.card.challenge ?? (await drawFor(world, step.card.id, step.card.spent));
  const keyNumber = challenge === null ? undefined : readKeyNumber(world, step.card, challenge);
  // The card went out of use between the two statements: the state says something else by now.
  if (keyNumber === undefined) return await showSignIn(world, request, holder);
  if (step.page === 'new-card') return { ...step, keyNumber };
  return { ...step, keyNumber, knownBrowser, isStepUp };
}

/** Both factors were shown in this sign-in, and not so long ago that somebody else may sit there by now. */
function isPresent(stored: StoredSignIn | null): boolean {
  if (!stored?.signedInAt || !isTwoFactor(kindsOf(stored.factors))) return false;
  return stored.now.getTime() - stored.signedInAt.getTime() <= PROOF_MINUTES * 60_000;
}

/** Where a key alone is missing, the password that the session was given lately is taken over, once. */
async function findOrBegin(
  world: World,
  { id, stepUp, signIn }: PendingRequest,
  holder: string | null,
  now: Date,
): Promise<StoredSignIn | null> {
  const { database } = world;
  const interaction = interactionKey(world, id);
  // Its browser has sent no form of this sign-in: there is no row to look for.
  if (holder === null && !stepUp && signIn) return null;
  const stored = await findSignIn(database, interaction);
  if (stored && !bringsItsSession(stored, stepUp?.sessionUid ?? null)) return withoutPerson(stored);
  if (stored || !stepUp) return stored;
  const { accountId: identityId, sessionUid, passwordAt } = stepUp;
  const expiresAt = interactionExpiry(now);
  const atMostSeconds = PASSWORD_COUNTS_SECONDS;
  const facts = { identityId, passwordAt, sessionUid, signedInAt: null, factors: PASSWORD };
  const mac = macOfFacts(world, id, facts, null);
  const begun = { identityId, sessionUid, passwordAt, atMostSeconds, now, expiresAt, mac };
  await beginStepUp(database, interaction, begun);
  return await findSignIn(database, interaction);
}

/** The password is all that is asked: in the person's log once, and told where the browser is a new one. */
export async function signInWithPassword(
  world: World,
  { id, clientId }: PendingRequest,
  holder: string | null,
  visit: Visit,
): Promise<void> {
  const { database, dice, clock, keyring } = world;
  const now = clock.now();
  const interaction = interactionKey(world, id);
  const stored = await findSignIn(database, interaction);
  if (!stored || !isTheirs(world, id, holder, stored)) return;
  const seen = sealSeen(keyring, stored.logSalt, visit);
  const signedIn = { ...stored.facts, signedInAt: stored.now, factors: PASSWORD };
  await signInByPassword(database, interaction, {
    passwordAt: stored.passwordAt,
    signedInAt: stored.now,
    holder: stored.holder,
    mac: macOfFacts(world, id, signedIn, stored.holder),
    event: { kind: 'signed_in_with_password', details: { clientId, ...seen } },
    notice: { id: dice.uuid(), details: { relyingParty: clientId, at: now.toISOString() } },
    now,
    expiresAt: interactionExpiry(now),
  });
}

/** The job that looks at waits every few seconds may be late; nobody is sent away for that. */
async function hasWaitedLongEnough(world: World, stored: StoredSignIn | null, now: Date): Promise<boolean> {
  const { identity, comingCard } = stored ?? {};
  if (!identity || !comingCard?.activatesAt || comingCard.activatesAt > now) return false;
  const deed = { kind: 'end_wait', now, skip: false } as const;
  return (await doCardDeed(world, identity.id, deed, BY_SYSTEM)) === 'done';
}

async function drawFor(world: World, cardId: string, spent: string): Promise<number | null> {
  const drawn = drawChallenge(spent, world.dice);
  return drawn === null ? null : await setChallenge(world.database, cardId, drawn);
}

async function remember(
  world: World,
  { identity }: SignIn,
  request: PendingRequest,
  scopes: readonly string[],
): Promise<string[]> {
  if (!identity || scopes.length === 0) return [];
  return await findConsent(world.database, identity.id, request.clientId);
}

async function openSignIn(
  world: World,
  { stored, outcome }: { stored: StoredSignIn | null; outcome: Outcome | null },
  request: PendingRequest,
): Promise<SignIn & { owner: IdentityWithPerson | null }> {
  const nothing = { ...NOTHING_SHOWN, owner: null, outcome };
  const { typedNameSealed, ...rest } = stored ?? { ...nothing, identity: null, typedNameSealed: null };
  const typedName = typedNameSealed
    ? world.keyring.open('records', typedNameSealed, interactionKey(world, request.id))
    : '';
  if (request.signIn) return { ...rest, typedName };
  // Of somebody who is signed in already only the rest is asked: nothing that anybody shows here counts for them.
  const found = request.accountId ? await findIdentityWithPerson(world.database, request.accountId) : null;
  return {
    ...nothing,
    typedName,
    consented: rest.consented,
    identity: found?.identity ?? null,
    owner: found,
  };
}
