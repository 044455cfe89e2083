/**
 * A name and a password are given. Unknown and wrong are answered alike, in bytes and in time: the same
 * statements run, and where there is nothing to verify against, a dummy hash is verified. What is locked is
 * not verified, right or wrong, whether anybody has the name or not: its answer says that it is locked. A
 * browser that the person called their own has tries of its own, so that no stranger can shut its owner out.
 */
import { checkNameAndPassword, nameToShow } from '../../core/input/nameAndPassword.ts';
import {
  isLeftUndone,
  ladders,
  networkBudget,
  networkOf,
  standing,
  whyRefused,
  type Ladder,
} from '../../core/lockout.ts';
import { drawChallenge } from '../../core/keyCard.ts';
import { passwordTyped } from '../../core/password.ts';
import type { Outcome } from '../../core/signIn.ts';
import { foldName } from '../../core/userId.ts';
import { leadBackToSignIn } from '../../store/issuing/activations.ts';
import {
  countTry,
  forgetTries,
  forgiveTries,
  giveTryBack,
  judgeWrong,
  type NetworkTry,
} from '../../store/attempts.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { findCredentials, type Credentials } from '../../store/identities.ts';
import { forgetBrowser } from '../../store/knownBrowsers.ts';
import { leaveStepUp } from '../../store/passwordSignIns.ts';
import { acceptPassword, noteOutcome } from '../../store/signIns.ts';
import { browserKey } from '../knownBrowser.ts';
import { unlessBusy } from '../unlessBusy.ts';
import { interactionExpiry, interactionKey, type World } from '../world.ts';
import { rehashIfNeeded } from './rehash.ts';

export interface GivenPassword {
  readonly interactionId: string;
  readonly typedName: string;
  readonly password: string;
  /** The address that the door saw. */
  readonly address: string;
  /** What the browser's cookie holds, if it has one. */
  readonly browser: string | null;
  /** A key is asked for after it. */
  readonly withKey: boolean;
  /** Aborted when the browser is gone. */
  readonly signal?: AbortSignal;
}

/**
 * `busy`: five tries at this name are being judged right now, or too much is being hashed; nothing counted.
 * `slowed`: too many wrong ones came from this network; nothing was judged.
 */
export async function givePassword(
  world: World,
  given: GivenPassword,
): Promise<'judged' | 'busy' | 'slowed'> {
  const { database, hasher, keyring, clock } = world;
  const interaction = interactionKey(world, given.interactionId);
  const now = clock.now();
  const expiresAt = interactionExpiry(now);
  const note = async (outcome: Outcome) => {
    const typedNameSealed = keyring.seal('records', nameToShow(given.typedName), interaction);
    await noteOutcome(database, interaction, { outcome, typedNameSealed, now, expiresAt });
    return 'judged' as const;
  };
  const fault = checkNameAndPassword(given.typedName, given.password);
  if (fault) return await note({ kind: fault });
  const name = foldName(given.typedName);
  const browser = given.browser === null ? null : browserKey(world, given.browser);
  const credentials = await findCredentials(database, name, browser, now);
  const who = budgetOf(world, name, credentials, browser);
  const network = who.knownBrowser ? null : networkTry(world, given.address);

  const counted = await countTry(database, who.subject, who.ladder, now, network);
  if (counted.kind === 'slowed') return 'slowed';
  if (counted.kind === 'refused' && whyRefused(counted.attempts, who.ladder, now).kind === 'busy')
    return 'busy';

  // What is locked is not compared: its answer says so, right or wrong.
  const wasCounted = counted.kind === 'counted';
  const hash = credentials?.passwordHash ?? null;
  const isKnown = who.knownBrowser !== null;
  const password = passwordTyped(given.password, credentials?.isTemporary ?? false);
  const isRight =
    wasCounted &&
    (await unlessBusy(
      hasher.verify(hash, password, {
        identity: who.unknownBrowsers.toString('base64url'),
        network: isKnown ? null : networkOf(given.address),
        isKnown,
        signal: given.signal,
      }),
      async () => await giveTryBack(database, who.subject, network),
    ));
  if (isRight === 'busy') return 'busy';

  if (isRight && credentials?.isTemporary) {
    await forgiveTries(database, who.subject, network);
    return await note({ kind: 'not_activated' });
  }
  if (isRight && credentials && hash) {
    await acceptPassword(database, interaction, {
      identityId: credentials.identityId,
      passwordHash: hash,
      subject: who.subject,
      unknownBrowsers: who.unknownBrowsers,
      network,
      knownBrowser: isKnown,
      challenge: given.withKey ? drawFor(world, credentials) : null,
      now,
      expiresAt,
    });
    rehashIfNeeded(world, { identityId: credentials.identityId, passwordHash: hash, password });
    return 'judged';
  }
  return await note(await judge(world, who, credentials, wasCounted));
}

/** The key page follows: what it asks for is kept with the password's being right, where the card has nothing yet. */
function drawFor({ dice }: World, { unaskedCard: card }: Credentials) {
  const position = card && drawChallenge(card.spent, dice);
  return card && position !== null ? { cardId: card.id, position } : null;
}

/** Whoever was told to take their ID into use first says that they have. */
export async function askPasswordAgain(world: World, interactionId: string): Promise<void> {
  await leadBackToSignIn(world.database, interactionKey(world, interactionId));
}

/** Not the person whom the session belongs to: whoever sits there begins with a password. */
export async function signInAsAnother(world: World, interactionId: string): Promise<void> {
  const now = world.clock.now();
  const expiresAt = interactionExpiry(now);
  await leaveStepUp(world.database, interactionKey(world, interactionId), { now, expiresAt });
}

/** @param whose `identity <id>`, or `name <folded name>` of one that nobody has. */
export function passwordSubject({ keyring }: Pick<World, 'keyring'>, whose: string): Buffer {
  return keyring.hmac('attempts', `password of ${whose}`);
}

/** On whose tries it counts: those of the known browser, or those of all unknown ones together. */
interface Budget {
  readonly subject: Buffer;
  readonly unknownBrowsers: Buffer;
  readonly ladder: Ladder;
  readonly knownBrowser: Buffer | null;
}

function budgetOf(
  { keyring, rules }: World,
  name: string,
  credentials: Credentials | null,
  browser: Buffer | null,
): Budget {
  const { password, knownBrowser } = ladders(rules);
  const whose = credentials ? `identity ${credentials.identityId}` : `name ${name}`;
  const unknownBrowsers = passwordSubject({ keyring }, whose);
  if (!credentials?.knownBrowser || !browser) {
    return { subject: unknownBrowsers, unknownBrowsers, ladder: password, knownBrowser: null };
  }
  const text = `password of ${whose} from browser ${browser.toString('base64url')}`;
  const subject = keyring.hmac('attempts', text);
  return { subject, unknownBrowsers, ladder: knownBrowser, knownBrowser: browser };
}

export function networkTry({ keyring, rules }: World, address: string): NetworkTry {
  const subject = keyring.hmac('attempts', `network ${networkOf(address)}`);
  return { subject, budget: networkBudget(rules) };
}

/** What a wrong password, or one that was not looked at, is answered with. */
async function judge(
  world: World,
  { subject, ladder, knownBrowser }: Budget,
  credentials: Credentials | null,
  wasCounted: boolean,
): Promise<Outcome> {
  const { database, clock, dice } = world;
  const now = clock.now();
  const wornOut = knownBrowser ? null : ('only_known_browsers' as const);
  const noticeId = dice.uuid();
  const told = credentials && {
    identityId: credentials.identityId,
    noticeId,
    locked: 'password_locked' as const,
    wornOut,
  };
  const attempts = await judgeWrong(database, subject, ladder, now, { wasCounted, told });
  const stands = standing(attempts, ladder, now);
  switch (stands.kind) {
    case 'open':
      return { kind: 'wrong_password', left: stands.left };
    case 'busy':
      return { kind: 'wrong_password', left: 1 };
    case 'locked':
      return { kind: 'locked', step: 'password', opensAt: stands.opensAt };
    case 'worn_out':
      if (!knownBrowser || !credentials) return { kind: 'locked', step: 'password', opensAt: null };
      if (wasCounted || isLeftUndone(attempts, ladder, now)) {
        await forget(world, credentials.identityId, knownBrowser, subject);
      }
      return { kind: 'wrong_password', left: ladder.limit };
  }
}

/** Too many wrong ones in a row: this browser is one of the unknown from now on. */
async function forget(world: World, identityId: string, browser: Buffer, subject: Buffer): Promise<void> {
  await world.database.transaction(async (db) => {
    if (!(await forgetBrowser(db, browser, identityId))) return;
    await forgetTries(db, subject);
    await appendEvent(db, { kind: 'browser_forgotten', identityId, details: {} });
  });
}
