/**
 * A name and a password are given: read, compared, judged (docs/decisions/0017-the-sign-in.md). Unknown and wrong are answered
 * alike, in bytes and in time: the same statements run, and where there is nothing to verify against, a dummy hash is verified.
 * Whose tries it counts on: passwordBudget.ts.
 */
import { checkNameAndPassword, nameToShow } from '../../core/input/nameAndPassword.ts';
import { standing } from '../../core/lockout.ts';
import { drawChallenge } from '../../core/keyCard.ts';
import { PASSWORD, type FactorKinds } from '../../core/levels.ts';
import { networkOf } from '../../core/network/networks.ts';
import { passwordTyped } from '../../core/password.ts';
import type { Outcome } from '../../core/signIn.ts';
import { foldName } from '../../core/userId.ts';
import { countWrongFrom, type NetworkBucket } from '../../store/signIn/networkLevels.ts';
import {
  readPasswordTry,
  type PasswordTryQuery,
  type ReadPasswordTry,
} from '../../store/signIn/passwordReads.ts';
import { judgePassword, type JudgedPassword } from '../../store/signIn/passwordTries.ts';
import { fillTriesOfBrowser, fillTriesOfMany } from '../../store/signIn/triesSubjects.ts';
import { findSignIn, noteOutcome, type StoredSignIn } from '../../store/signIns.ts';
import { browserKeys } from '../knownBrowser.ts';
import { isAnyFull, knownNetworkKey, networkBuckets } from '../networks.ts';
import { inTurn, unlessBusy } from '../unlessBusy.ts';
import { interactionExpiry, interactionKey, type World } from '../world.ts';
import { noteFailure } from './failures.ts';
import {
  bindAgain,
  BUSY,
  holderKey,
  isSameKey,
  isTheirs,
  macOfFacts,
  type FormAnswer,
  type SentForm,
} from './holder.ts';
import { isHeldBy } from './moveHolder.ts';
import type { UnjudgedForm } from './unjudgedForm.ts';
import { verifyPassword } from '../passwords/keyedPassword.ts';
import { fromUnknown, isKnownFrom } from './knownFrom.ts';
import { budgetOf, forgetWornOut, type PasswordBudget } from './passwordBudget.ts';
import { rehashIfNeeded } from './rehash.ts';
import { browserSubject, passwordSubject, triesOf } from './triesOf.ts';

export interface GivenPassword {
  readonly interactionId: string;
  readonly typedName: string;
  readonly password: string;
  /** The address that the door saw. */
  readonly address: string;
  /** What the browser's cookies hold. */
  readonly browsers: readonly string[];
  /** What the sign-in requires: a card's key may be asked for after it. */
  readonly requiredKinds: FactorKinds;
  readonly sent: SentForm;
  /** The secret of the holder's cookie, if this browser has one. */
  readonly secret: string | null;
  /** Aborted when the browser is gone. */
  readonly signal?: AbortSignal;
}

/**
 * `busy`: the hashing queue is full; nothing counted. `slowed`: too many wrong ones came from this network; nothing was
 * judged.
 */
export type PasswordAnswer = FormAnswer<'judged' | 'slowed'>;

export async function givePassword(world: World, given: GivenPassword): Promise<PasswordAnswer> {
  const answer = await inTurn(world, given, () => readAndCompare(world, given));
  return answer === 'busy' ? BUSY : answer;
}

async function readAndCompare(world: World, given: GivenPassword): Promise<PasswordAnswer> {
  const { keyring, clock } = world;
  const interaction = interactionKey(world, given.interactionId);
  const typedNameSealed = keyring.seal('records', nameToShow(given.typedName), interaction);
  const fault = checkNameAndPassword(given.typedName, given.password);
  if (fault) return await note(world, given, { outcome: { kind: fault }, typedNameSealed, now: clock.now() });

  const first = await take(world, given, typedNameSealed);
  if (first.kind !== 'changed') return first;
  // It was changed, or hashed by another setting, between reading and judging: what stands now is compared. The row is this
  // browser's since, and the same form leads to a second try of its own.
  const { sent } = given;
  const again = { ...given, secret: sent.secret, sent: { ...sent, form: sent.holder.subarray(16) } };
  const second = await take(world, again, typedNameSealed, true);
  return second.kind === 'changed' ? { kind: 'judged', holds: second.holds } : second;
}

type Taken = PasswordAnswer | { readonly kind: 'changed'; readonly holds: boolean };

async function take(
  world: World,
  given: GivenPassword,
  typedNameSealed: Buffer,
  isSecond = false,
): Promise<Taken> {
  const { clock } = world;
  const { sent, interactionId } = given;
  const interaction = interactionKey(world, interactionId);
  const name = foldName(given.typedName);
  const browsers = browserKeys(world, given.browsers);
  const networks = networkBuckets(world, given.address);
  const knownNetwork = knownNetworkKey(world, given.address);
  const query = { foldedName: name, browsers, offsetMs: clock.offsetMs, interaction, networks, knownNetwork };
  const found = await readTry(world, { ...query, nameSubject: passwordSubject(world, `name ${name}`) });
  if (!isSecond && isSameKey(found.holder, sent.holder)) return { kind: 'again', holds: true };
  if (found.isAnswered) return { kind: 'again', holds: false };

  const now = new Date(found.now.getTime() + clock.offsetMs);
  const who = budgetOf(world, { name, knownNetwork }, found);
  const locked = lockOf(who, found, now);
  if (locked === 'busy') return BUSY;
  // The node that found it worn out did not live to forget it.
  if (locked?.kind === 'wrong_password' && found.identityId) {
    await forgetWornOut(world, found.identityId, who);
  }
  if (locked) return await note(world, given, { outcome: locked, typedNameSealed, now });
  if (!who.knownBrowser && isAnyFull(networks, found.networkLevels)) return { kind: 'slowed', holds: false };

  const isRight = await compare(world, given, found, who);
  if (isRight === 'busy') return BUSY;
  return await judge(world, given, { found, who, isRight, networks, now, typedNameSealed });
}

/** The row of tries is read with whose it is, once a node has filled in under which subject it is kept. */
async function readTry(world: World, query: PasswordTryQuery): Promise<ReadPasswordTry> {
  const { database } = world;
  const read = await readPasswordTry(database, query);
  const asked = isKnownFrom(world, query, read) ? query : fromUnknown(query);
  const found = asked === query ? read : await readPasswordTry(database, asked);
  const { identityId, knownBrowser, subjects } = found;
  if (identityId === null) return found;
  if (subjects.password !== null && (!knownBrowser || subjects.browser !== null)) return found;
  await fillTriesOfMany(database, [{ id: identityId, ...triesOf(world, identityId) }]);
  if (knownBrowser) {
    const ofBrowser = browserSubject(world, identityId, knownBrowser);
    await fillTriesOfBrowser(database, knownBrowser, identityId, ofBrowser);
  }
  return await readPasswordTry(database, asked);
}

/** What a row that is shut says, before anything is compared. */
function lockOf(who: PasswordBudget, found: ReadPasswordTry, now: Date): Outcome | 'busy' | null {
  const state = standing(found.attempts, who.ladder, now);
  switch (state.kind) {
    case 'open':
      return null;
    case 'busy':
      return 'busy';
    case 'locked':
      return { kind: 'locked', step: 'password', opensAt: state.opensAt };
    case 'worn_out':
      return who.wornOut;
  }
}

async function compare(
  world: World,
  given: GivenPassword,
  found: ReadPasswordTry,
  who: PasswordBudget,
): Promise<boolean | 'busy'> {
  const isKnown = who.knownBrowser !== null;
  const { identityId, passwordHash: stored } = found;
  const typed = passwordTyped(given.password, found.isTemporary);
  return await unlessBusy(
    verifyPassword(world, { identityId, stored, isOfLetter: found.isTemporary }, typed, {
      identity: who.unknownBrowsers.toString('base64url'),
      network: isKnown ? null : networkOf(given.address),
      isKnown,
      signal: given.signal,
    }),
  );
}

interface Compared {
  readonly found: ReadPasswordTry;
  readonly who: PasswordBudget;
  readonly isRight: boolean;
  readonly networks: readonly NetworkBucket[];
  readonly now: Date;
  readonly typedNameSealed: Buffer;
}

async function judge(world: World, given: GivenPassword, compared: Compared): Promise<Taken> {
  const { database, dice, clock } = world;
  const { found, who, isRight, networks, now, typedNameSealed } = compared;
  const { sent, interactionId } = given;
  const interaction = interactionKey(world, interactionId);
  const identityId = found.isTemporary ? null : found.identityId;
  const right = { identityId, passwordAt: found.now, sessionUid: null, signedInAt: null, factors: PASSWORD };
  const former = given.secret === null ? null : holderKey(world, interactionId, given.secret);
  const stored = await findHeld(world, given, found);
  const judged = await judgePassword(database, {
    subject: who.subject,
    ladder: who.ladder,
    isRight,
    form: sent.form,
    offsetMs: clock.offsetMs,
    notice:
      found.identityId === null
        ? null
        : {
            identityId: found.identityId,
            noticeId: dice.uuid(),
            locked: 'password_locked',
            wornOut: who.isShared ? 'only_known_browsers' : null,
          },
    interaction,
    identityId,
    passwordHash: found.passwordHash,
    passwordAt: found.now,
    now,
    expiresAt: interactionExpiry(now),
    knownBrowser: who.knownBrowser !== null,
    challenge: given.requiredKinds.has('possession') ? drawFor(world, found) : null,
    formerHolder: former,
    isTheirs: stored !== null && isTheirs(world, interactionId, given.secret, stored),
    holder: sent.holder,
    macs: {
      right: macOfFacts(world, interactionId, right, sent.holder),
      wrong: stored && bindAgain(world, interactionId, stored, sent),
    },
    typedNameSealed,
    wornOut: who.wornOut,
    rightWithoutIdentity: found.isTemporary ? { kind: 'not_activated' } : null,
    unknownBrowsers: who.unknownBrowsers,
  });
  if (judged.verdict === 'busy') return BUSY;
  const most = who.ladder.inARow ?? Number.POSITIVE_INFINITY;
  if (judged.verdict === 'wrong' && judged.inARow >= most && found.identityId) {
    await forgetWornOut(world, found.identityId, who);
  }
  if (judged.verdict === 'wrong') noteFailure(world, found.identityId, 'password');
  if (judged.verdict === 'wrong' && !who.knownBrowser) countWrongFrom(database, networks, clock.offsetMs);
  if (judged.isAccepted && identityId !== null && found.passwordHash !== null) {
    const password = passwordTyped(given.password, false);
    rehashIfNeeded(world, { identityId, passwordHash: found.passwordHash, password });
  }
  if (judged.verdict === 'again') return { kind: 'again', holds: await isHeldBy(world, interactionId, sent) };
  const isChanged = judged.verdict === 'right' && identityId !== null && !judged.isAccepted;
  if (isChanged && judged.isEntered) return { kind: 'changed', holds: true };
  return { kind: 'judged', holds: judged.isEntered, ...carriedOf(given, judged) };
}

/**
 * The row, where a browser holds it: what a wrong password leaves in it is bound again. A row without a holder says nothing that
 * would stay.
 */
async function findHeld(
  world: World,
  { interactionId, secret }: GivenPassword,
  found: ReadPasswordTry,
): Promise<StoredSignIn | null> {
  if (found.holder === null && secret === null) return null;
  return await findSignIn(world.database, interactionKey(world, interactionId));
}

/** There is no row, or it is another browser's: this one carries what the row would have mentioned. */
function carriedOf(
  { typedName }: GivenPassword,
  { isEntered, outcome }: Pick<JudgedPassword, 'isEntered' | 'outcome'>,
): { unjudged?: UnjudgedForm } {
  return isEntered || !outcome ? {} : { unjudged: { outcome, typedName: nameToShow(typedName) } };
}

/**
 * The form was not judged; the next page mentions why: in the row, if this browser holds one, else the
 * browser carries it.
 */
async function note(
  world: World,
  given: GivenPassword,
  { outcome, typedNameSealed, now }: { outcome: Outcome; typedNameSealed: Buffer; now: Date },
): Promise<PasswordAnswer> {
  const { interactionId, secret, sent } = given;
  const interaction = interactionKey(world, interactionId);
  if (secret === null)
    return { kind: 'judged', holds: false, ...carriedOf(given, { isEntered: false, outcome }) };
  const stored = await findSignIn(world.database, interaction);
  const holds = await noteOutcome(world.database, interaction, {
    outcome,
    typedNameSealed,
    now,
    expiresAt: interactionExpiry(now),
    formerHolder: holderKey(world, interactionId, secret),
    holder: sent.holder,
    mac: stored && bindAgain(world, interactionId, stored, sent),
  });
  return { kind: 'judged', holds, ...carriedOf(given, { isEntered: holds, outcome }) };
}

/** The key page follows: what it asks for is kept with the password's being right, where the card has nothing yet. */
function drawFor({ dice }: World, { unaskedCard: card }: ReadPasswordTry) {
  const position = card && drawChallenge(card.spent, dice);
  return card && position !== null ? { cardId: card.id, position } : null;
}
