/** What a sign-in shows next. On the way to the key page a challenge is drawn, unless the card has one. */
import { missingConsent, scopesToConsent, type AskedFor } from '../../core/consent.ts';
import { drawChallenge } from '../../core/keyCard.ts';
import { PASSWORD_COUNTS_SECONDS } from '../../core/levels.ts';
import { PROOF_MINUTES } from '../../core/ownSite.ts';
import type { PublicSitesHurdle } from '../../core/publicSites.ts';
import type { RelyingPartyKind } from '../../core/relyingParty.ts';
import type { Visit } from '../../core/selfService/seen.ts';
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

/** The authorization request that waits for the person. */
export interface SignInRequest {
  readonly interactionId: string;
  /** It expires an hour after its last step. */
  readonly startedAt: Date;
  readonly clientId: string;
  readonly kind: RelyingPartyKind;
  /** Somebody has to sign in; without, `accountId` is signed in already. */
  readonly signIn: boolean;
  /** Not the password alone. */
  readonly key: boolean;
  readonly least: string;
  /** A live session that a key raises. */
  readonly stepUp: {
    readonly sessionUid: string;
    readonly accountId: string;
    readonly passwordAt: Date;
  } | null;
  readonly accountId: string | null;
  readonly consentPage: boolean;
  readonly consent: AskedFor;
  /** The secret of the browser that asks; null where it sent no form yet. */
  readonly holder: string | null;
}

export type Shown =
  | Exclude<Step, { page: 'key' | 'new-card' | 'consent' | 'public-sites' | 'done' }>
  | (Extract<Step, { page: 'done' }> & { isStepUp: boolean; owner: IdentityWithPerson | null })
  | { page: 'expired' }
  | (Extract<Step, { page: 'key' }> & { keyNumber: string; knownBrowser: boolean; isStepUp: boolean })
  | (Extract<Step, { page: 'new-card' }> & { keyNumber: string })
  | (Extract<Step, { page: 'public-sites' }> & { bar: PublicSitesHurdle | null })
  | (Extract<Step, { page: 'consent' }> & { scopes: readonly string[]; values: Record<string, unknown> });

const BEGIN_AGAIN = { kind: 'begin_again' } as const;

/** What a browser without the newest secret sees is the password page, which says nothing of the row. */
export async function showSignIn(
  world: World,
  request: SignInRequest,
  asIf: StoredSignIn | null = null,
): Promise<Shown> {
  const now = world.clock.now();
  const interaction = interactionKey(world, request.interactionId);
  const found = asIf ?? (await findOrBegin(world, interaction, request, now));
  const stored =
    found && (asIf || isTheirs(world, request.interactionId, request.holder, found)) ? found : null;
  if (found?.isAnswered || isSignInOver(stored?.stepAt ?? request.startedAt, now)) return { page: 'expired' };
  if (await hasWaitedLongEnough(world, stored, now)) return await showSignIn(world, request);

  const signIn = await openSignIn(
    world,
    interaction,
    { stored, outcome: found ? BEGIN_AGAIN : null },
    request,
  );
  const isSignedIn = signIn.signedInAt !== null || !request.signIn;
  const scopes = signIn.identity && isSignedIn ? scopesToConsent(request.consent, signIn.identity) : [];
  const missing = missingConsent(scopes, await remember(world, signIn, request, scopes));
  const step = nextStep(signIn, { ...request, missingConsent: missing }, now);
  const { knownBrowser = false, isStepUp = false } = stored ?? {};
  if (step.page === 'consent') {
    // What was agreed to before is not asked about again, unless the relying party wants that.
    const asked = request.consentPage ? scopes : missing;
    const values = await readConsentValues(world, step.identity.id, asked, hasFreshKey(stored));
    return { ...step, scopes: asked, values };
  }
  if (step.page === 'public-sites') {
    const bar = await findPublicSitesBar(world, world.database, step.identity.id);
    // The password of a step-up was shown to an earlier request.
    return { ...step, bar: bar ?? (step.withKey && !isStepUp ? null : 'needs_key') };
  }
  if (step.page === 'done') return { ...step, isStepUp, owner: signIn.owner };
  if (step.page !== 'key' && step.page !== 'new-card') return step;

  const challenge = step.card.challenge ?? (await drawFor(world, step.card.id, step.card.spent));
  const keyNumber = challenge === null ? undefined : readKeyNumber(world, step.card, challenge);
  // The card went out of use between the two statements: the state says something else by now.
  if (keyNumber === undefined) return await showSignIn(world, request);
  if (step.page === 'new-card') return { ...step, keyNumber };
  return { ...step, keyNumber, knownBrowser, isStepUp };
}

/** A key was given in this sign-in, and not so long ago that somebody else may sit there by now. */
function hasFreshKey(stored: StoredSignIn | null): boolean {
  if (!stored?.withKey || !stored.signedInAt) return false;
  return stored.now.getTime() - stored.signedInAt.getTime() <= PROOF_MINUTES * 60_000;
}

/** Where a key alone is missing, the password that the session was given lately is taken over, once. */
async function findOrBegin(
  world: World,
  interaction: Buffer,
  { stepUp, holder, signIn, interactionId }: SignInRequest,
  now: Date,
): Promise<StoredSignIn | null> {
  const { database } = world;
  // Its browser has sent no form of this sign-in: there is no row to look for.
  if (holder === null && !stepUp && signIn) return null;
  const stored = await findSignIn(database, interaction);
  if (stored && !bringsItsSession(stored, stepUp?.sessionUid ?? null)) return withoutPerson(stored);
  if (stored || !stepUp) return stored;
  const { accountId: identityId, sessionUid, passwordAt } = stepUp;
  const expiresAt = interactionExpiry(now);
  const atMostSeconds = PASSWORD_COUNTS_SECONDS;
  const facts = { identityId, passwordAt, sessionUid, signedInAt: null, withKey: false };
  const mac = macOfFacts(world, interactionId, facts, null);
  const begun = { identityId, sessionUid, passwordAt, atMostSeconds, now, expiresAt, mac };
  await beginStepUp(database, interaction, begun);
  return await findSignIn(database, interaction);
}

/** The password is all that is asked: in the person's log once, and told where the browser is a new one. */
export async function signInWithPassword(
  world: World,
  { interactionId, clientId, holder }: SignInRequest,
  visit: Visit,
): Promise<void> {
  const { database, dice, clock, keyring } = world;
  const now = clock.now();
  const interaction = interactionKey(world, interactionId);
  const stored = await findSignIn(database, interaction);
  if (!stored || !isTheirs(world, interactionId, holder, stored)) return;
  const seen = sealSeen(keyring, stored.logSalt, visit);
  const signedIn = { ...stored.facts, signedInAt: stored.now, withKey: false };
  await signInByPassword(database, interaction, {
    passwordAt: stored.passwordAt,
    signedInAt: stored.now,
    holder: stored.holder,
    mac: macOfFacts(world, interactionId, signedIn, stored.holder),
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
  request: SignInRequest,
  scopes: readonly string[],
): Promise<string[]> {
  if (!identity || scopes.length === 0) return [];
  return await findConsent(world.database, identity.id, request.clientId);
}

async function openSignIn(
  world: World,
  interaction: Buffer,
  { stored, outcome }: { stored: StoredSignIn | null; outcome: Outcome | null },
  request: SignInRequest,
): Promise<SignIn & { owner: IdentityWithPerson | null }> {
  const nothing = { ...NOTHING_SHOWN, owner: null, outcome };
  const { typedNameSealed, ...rest } = stored ?? { ...nothing, identity: null, typedNameSealed: null };
  const typedName = typedNameSealed ? world.keyring.open('records', typedNameSealed, interaction) : '';
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
