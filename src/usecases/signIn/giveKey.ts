/**
 * A key from the card is given: read, made, compared, judged (docs/decisions/0017-the-sign-in.md). An answer to a number that is no
 * longer the challenge is neither judged nor counted. Everything that a right key leads to is made for every reply to the
 * challenge that stands, and saved by the statement that judges it.
 */
import { setTimeout } from 'node:timers/promises';
import { keysLeft } from '../../core/keyCard.ts';
import { withFactor } from '../../core/levels.ts';
import type { Visit } from '../../core/selfService/seen.ts';
import type { Outcome } from '../../core/signIn.ts';
import { DatabaseAway, type Queryable } from '../../store/database.ts';
import { burnPendingKey } from '../../store/keyCards.ts';
import {
  judgeKeyTry,
  judgeKeyTryWithin,
  type JudgedKey,
  type KeyTry,
  type PreparedAnswer,
} from '../../store/signIn/keyTries.ts';
import { findSignIn, noteOutcome, type StoredSignIn } from '../../store/signIns.ts';
import { BY_SYSTEM, doCardDeed, doCardDeedWithin } from '../cardDeeds.ts';
import { browserKey, browserKeys } from '../knownBrowser.ts';
import { knownNetworkKey, knownNetworkSubject } from '../networks.ts';
import { sealSeen } from '../seen.ts';
import { interactionExpiry, interactionKey, isSignInOver, type World } from '../world.ts';

import { noteFailure } from './failures.ts';
import {
  BUSY,
  holderKey,
  isSameKey,
  isTheirs,
  macOfFacts,
  type FormAnswer,
  type SentForm,
} from './holder.ts';
import {
  blockGuessed,
  isRight,
  keyAskedFor,
  openTry,
  type GivenAnswer,
  type KeyToJudge,
} from './judgeKey.ts';
import { isHeldBy } from './moveHolder.ts';
import { bringsItsSession } from './stepUpSession.ts';
import { browserSubject } from './triesOf.ts';

/** Makes the answer that a right key leads to, as if it had been right; null where something else is asked after it. */
export type PrepareAnswer = (asIf: {
  stored: StoredSignIn;
  signedInAt: Date;
}) => Promise<PreparedAnswer | null>;

export interface GivenKey extends GivenAnswer {
  readonly interactionId: string;
  /** Of the session that the key raises in this browser, if it does. */
  readonly sessionUid: string | null;
  readonly clientId: string;
  /**
   * What a cookie of this browser will hold, if the person calls it their own; never what one held before.
   */
  readonly ownBrowser: string | null;
  /** What they hold. */
  readonly browsers: readonly string[];
  readonly visit: Visit;
  readonly sent: SentForm;
  /** The secret of the holder's cookie, if this browser has one. */
  readonly secret: string | null;
  readonly prepare: PrepareAnswer;
}

/**
 * `answered`: the answer that was prepared is committed. `signed_in`: something else is asked. `busy`: nodes of the version before
 * are judging five answers of this person; nothing was counted.
 */
export type KeyAnswer = FormAnswer<'judged' | 'signed_in' | 'answered'> & {
  /** Where the browser became the person's own: of what its cookies held, that by which others are known. */
  readonly otherBrowsers?: readonly string[];
};

const NOT_THEIRS = { kind: 'judged', holds: false } as const;

export async function giveKey(world: World, given: GivenKey): Promise<KeyAnswer> {
  const { database, clock } = world;
  const { interactionId, sent, secret } = given;
  const interaction = interactionKey(world, interactionId);

  const stored = await findSignIn(database, interaction);
  if (stored && isSameKey(stored.holder, sent.holder)) return { kind: 'again', holds: true };
  if (stored?.isAnswered) return { kind: 'again', holds: false };
  if (!stored?.identity || stored.factors.has('card_key')) return NOT_THEIRS;
  const now = new Date(stored.now.getTime() + clock.offsetMs);
  if (isSignInOver(stored.stepAt, now) || !isTheirs(world, interactionId, secret, stored)) return NOT_THEIRS;
  if (!bringsItsSession(stored, given.sessionUid)) return NOT_THEIRS;
  const mention = async (outcome: Outcome) => {
    const holds = await noteOutcome(database, interaction, {
      outcome,
      typedNameSealed: null,
      now,
      expiresAt: interactionExpiry(now),
      formerHolder: secret === null ? null : holderKey(world, interactionId, secret),
      holder: sent.holder,
      mac: macOfFacts(world, interactionId, stored.facts, sent.holder),
    });
    return { kind: 'judged', holds } as const;
  };
  const asked = stored.card && keyAskedFor(world, stored.card, given);
  if (!asked) return await mention({ kind: 'stale_key' });
  const identityId = stored.identity.id;
  const known = { ...stored.keyTries, now: stored.now };
  const key = await openTry(world, { identityId, asked, key: given.key, form: sent.form }, known);
  if (key === 'busy') return BUSY;
  if ('kind' in key) return await mention(key);

  const answer = await given.prepare({ stored, signedInAt: stored.now });
  const trying = tryOf(world, given, { stored, key, answer, now });
  const judged = await judgeOrBurn(world, trying, stored, key);
  if (judged === 'burnt') return { kind: 'again', holds: false };
  if (judged.verdict === 'again') return { kind: 'again', holds: await isHeldBy(world, interactionId, sent) };
  if (judged.verdict === 'busy') return BUSY;
  const holds = judged.isNoted;
  if (judged.spent) {
    const otherBrowsers = given.browsers.filter((_, i) =>
      judged.otherBrowsers.some((other) => trying.browsers[i]?.equals(other)),
    );
    return { kind: answer ? 'answered' : 'signed_in', holds, otherBrowsers };
  }
  if (judged.verdict === 'wrong') noteFailure(world, identityId, key.failure);
  const most = key.trying.ladder.inARow ?? Number.POSITIVE_INFINITY;
  if (judged.verdict === 'wrong' && judged.inARow >= most) await blockGuessed(world, identityId, asked.card);
  return { kind: 'judged', holds };
}

interface Judging {
  readonly stored: StoredSignIn;
  readonly key: KeyToJudge;
  readonly answer: PreparedAnswer | null;
  readonly now: Date;
}

/** Everything that the statement takes; whether the key is right comes last. */
function tryOf(world: World, given: GivenKey, { stored, key, answer, now }: Judging): KeyTry {
  const { dice, keyring } = world;
  const { interactionId, clientId, sent, secret } = given;
  const { card, position } = key.asked;
  const { identityId } = key;
  const signedInAt = stored.now;
  const signedIn = { ...stored.facts, signedInAt, factors: withFactor(stored.facts.factors, 'card_key') };
  const browser = given.ownBrowser === null ? null : browserKey(world, given.ownBrowser);
  const network = knownNetworkKey(world, given.visit.address);
  return {
    ...key.trying,
    notice: key.notice,
    interaction: interactionKey(world, interactionId),
    identityId,
    passwordAt: stored.passwordAt ?? signedInAt,
    signedInAt,
    cardId: card.id,
    position,
    formerHolder: secret === null ? null : holderKey(world, interactionId, secret),
    holder: sent.holder,
    macs: {
      right: macOfFacts(world, interactionId, signedIn, sent.holder),
      wrong: macOfFacts(world, interactionId, stored.facts, sent.holder),
    },
    now,
    expiresAt: interactionExpiry(now),
    wornOut: { kind: 'card_blocked' },
    event: {
      kind: 'signed_in',
      details: { clientId, cardNumber: card.cardNumber, ...sealSeen(keyring, stored.logSalt, given.visit) },
    },
    ownBrowser: browser && { browser, tries: browserSubject(world, identityId, browser) },
    browsers: browserKeys(world, given.browsers),
    network: { key: network, tries: knownNetworkSubject(world, identityId, network) },
    // Notified when the session began, where this raises one.
    wasKnown: stored.knownBrowser,
    newBrowser: stored.isStepUp
      ? null
      : { id: dice.uuid(), details: { relyingParty: clientId, at: now.toISOString() } },
    answer,
    isRight: isRight(key),
  };
}

/**
 * A connection lost during the commit is neither yes nor no, and nothing is sent again. The key is burnt if it is still
 * pending, so that it can never be given twice; if it had been spent, the same form finds the answer.
 */
async function judgeOrBurn(
  world: World,
  trying: KeyTry,
  stored: StoredSignIn,
  { identityId, asked }: KeyToJudge,
): Promise<JudgedKey | 'burnt'> {
  const threshold = stored.identity?.threshold ?? 0;
  const isLow = keysLeft(asked.card.spent) - 1 <= threshold;
  try {
    const goesWithMore = isLow || (trying.answer?.besides.length ?? 0) > 0;
    return await (goesWithMore ? judgeWithin(world, trying) : judgeOne(world, trying));
  } catch (error) {
    if (!(error instanceof DatabaseAway && error.isUnknown)) throw error;
    const burning = burn(world, identityId, asked.card.id, asked.position, asked.card.cardNumber);
    return await Promise.race([burning, giveUpAfter(BURN_MS, error)]);
  }
}

/** One statement, for the many keys after which nothing has to be ordered. */
async function judgeOne(world: World, trying: KeyTry): Promise<JudgedKey> {
  const judged = await judgeKeyTry(world.database, trying);
  // The threshold was raised on the way: what it means is judged now.
  if (judged.spent && judged.spent.keysLeft <= judged.spent.threshold) {
    await doCardDeed(world, trying.identityId, { kind: 'key_spent' }, BY_SYSTEM);
  }
  return judged;
}

/** The spending and what it leads to: the last key uses the card up, few keys order a new one, another's session ends. */
async function judgeWithin(world: World, trying: KeyTry): Promise<JudgedKey> {
  return await world.database.transaction(async (db: Queryable) => {
    const judged = await judgeKeyTryWithin(db, trying);
    if (judged.spent && judged.spent.keysLeft <= judged.spent.threshold) {
      await doCardDeedWithin(world, db, trying.identityId, { kind: 'key_spent' }, BY_SYSTEM);
    }
    return judged;
  });
}

/** The person has waited already; a burning that comes later than this still holds, but they do not wait for it. */
const BURN_MS = 400;

async function burn(
  world: World,
  identityId: string,
  cardId: string,
  position: number,
  cardNumber: string,
): Promise<'burnt'> {
  await burnPendingKey(world.database, {
    cardId,
    position,
    event: { kind: 'key_burnt', details: { cardNumber } },
  });
  // A burnt key is a key less: the last one uses the card up, and few order a new one.
  await doCardDeed(world, identityId, { kind: 'key_spent' }, BY_SYSTEM);
  return 'burnt';
}

async function giveUpAfter(ms: number, error: Error): Promise<never> {
  await setTimeout(ms, undefined, { ref: false });
  throw error;
}
