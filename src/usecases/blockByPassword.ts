/**
 * Blocking with user ID and password alone. It works while sign-in is locked and has counters of its own; the
 * answer says the same of right, wrong and unknown, in bytes and in time. They count for a name and a
 * network, so that a thief who tries all day keeps nobody from blocking; a wide bucket over all networks
 * bounds what many of them can guess.
 */
import { blockBudget, ladders, standing } from '../core/lockout.ts';
import { customerNetworkOf, networkOf, widestNetworkOf } from '../core/network/networks.ts';
import { passwordTyped } from '../core/password.ts';
import { foldName } from '../core/userId.ts';
import { queueMissedLogouts } from '../store/backchannelLogouts.ts';
import type { Queryable } from '../store/database.ts';
import { findCredentials, type Credentials } from '../store/identities.ts';
import { rememberReplayId } from '../store/oidcRecords.ts';
import { fullOrThrow, judgeAtDoor, readDoor } from '../store/signIn/doorTries.ts';
import type { Verdict } from '../store/signIn/judgedTries.ts';
import { countWrongFrom, type NetworkBucket } from '../store/signIn/networkLevels.ts';
import { blockWithin, type Blockable } from './block.ts';
import { browserKeys } from './knownBrowser.ts';
import { verifyPassword } from './passwords/keyedPassword.ts';
import { isAnyFull, knownNetworkKey, networkBuckets } from './networks.ts';
import { noteFailure } from './signIn/failures.ts';
import { answerAtStrike } from './strike.ts';
import { inTurn, unlessBusy } from './unlessBusy.ts';
import type { World } from './world.ts';

export interface AskedToBlock {
  readonly typedName: string;
  readonly password: string;
  readonly what: Blockable;
  readonly address: string;
  /** What the cookies of the browser hold. */
  readonly browsers: readonly string[];
  /** What the page drew for this form; sent twice by a double-click, it blocks once. */
  readonly form: string | null;
  /** Aborted when the browser is gone. */
  readonly signal?: AbortSignal;
}

/**
 * A blocking writes more than a wrong password does; nobody is to tell the two by the clock: it strikes every
 * so often.
 */
const ANSWER_MS = 400;
const DAY_MS = 24 * 3_600_000;

/**
 * `received`: if it was right, all of it is blocked now, on every node. `slowed`: too many tries at this name
 * or from this network; nothing of it was told. `busy`: nothing was judged, and nothing counted.
 */
export type BlockAnswer = 'received' | 'slowed' | 'busy';

export async function blockByPassword(world: World, asked: AskedToBlock): Promise<BlockAnswer> {
  return await answerAtStrike(ANSWER_MS, () => inTurn(world, asked, () => compareAndBlock(world, asked)));
}

async function compareAndBlock(world: World, asked: AskedToBlock): Promise<BlockAnswer> {
  const { database, keyring, clock, rules } = world;
  const { offsetMs } = clock;
  const name = foldName(asked.typedName);
  const credentials = await findCredentials(
    database,
    name,
    browserKeys(world, asked.browsers),
    clock.now(),
    knownNetworkKey(world, asked.address),
  );
  const counters = countersOf(world, asked, credentials);
  const { subject, overall, networks } = counters;

  const buckets = overall ? [overall, ...networks] : networks;
  const { attempts, levels, now } = await readDoor(database, { subject, buckets, offsetMs });
  const state = standing(attempts, ladders(rules).block, now);
  if (state.kind === 'busy') return 'busy';
  if (state.kind !== 'open' || isAnyFull(buckets, levels)) return 'slowed';

  const password = passwordTyped(asked.password, credentials?.isTemporary ?? false);
  const isKnown = (credentials?.knownBrowser ?? null) !== null;
  const stored = {
    identityId: credentials?.identityId ?? null,
    stored: credentials?.passwordHash ?? null,
    isOfLetter: credentials?.isTemporary ?? false,
  };
  const isRight = await unlessBusy(
    verifyPassword(world, stored, password, {
      // Not with the sign-in: strangers who try there do not keep anybody from blocking.
      identity: keyring.hmac('attempts', `block of ${whoseOf(credentials, name)}`).toString('base64url'),
      network: isKnown ? null : networkOf(asked.address),
      isKnown,
      signal: asked.signal,
    }),
  );
  if (isRight === 'busy') return 'busy';

  const verdict = await judge(world, asked, counters, isRight ? credentials : null);
  if (verdict === 'busy') return 'busy';
  if (verdict !== 'wrong' && verdict !== 'again') return 'slowed';
  if (isRight && credentials) await queueMissedLogouts(database, credentials.identityId);
  if (verdict === 'wrong' && !isRight) {
    noteFailure(world, credentials?.identityId ?? null, 'block_password');
  }
  // Right ones count here as wrong ones do: otherwise the counts would tell them apart.
  if (verdict === 'wrong') countWrongFrom(database, networks, offsetMs);
  return 'received';
}

/**
 * A known browser, and a network from which the person signed in with a key, have tries of their own; all
 * else counts by name and network, and over all networks.
 */
interface Counters {
  readonly subject: Buffer;
  readonly overall: NetworkBucket | null;
  readonly networks: readonly NetworkBucket[];
}

function countersOf(
  world: World,
  { address, typedName }: AskedToBlock,
  credentials: Credentials | null,
): Counters {
  const { keyring, rules } = world;
  const whose = whoseOf(credentials, foldName(typedName));
  const key = (text: string) => keyring.hmac('attempts', `block of ${whose} ${text}`);
  if (credentials?.knownBrowser) {
    const browser = credentials.knownBrowser.toString('base64url');
    return { subject: key(`from browser ${browser}`), overall: null, networks: [] };
  }
  const networks = networkBuckets(world, address);
  if (credentials?.knownNetwork) {
    return { subject: key(`from known network ${customerNetworkOf(address)}`), overall: null, networks };
  }
  return {
    subject: key(`from network ${widestNetworkOf(address)}`),
    overall: { subject: key('from all networks'), budget: blockBudget(rules) },
    networks,
  };
}

/**
 * The try is judged and what it asks for is done, both or neither. Judged as a wrong one in any case: the
 * counts are not to tell a right one.
 */
async function judge(
  world: World,
  asked: AskedToBlock,
  { subject, overall }: Counters,
  rightful: Credentials | null,
): Promise<Verdict | 'full'> {
  const { database, clock, rules } = world;
  const trying = {
    subject,
    ladder: ladders(rules).block,
    isRight: false,
    form: formKey(world, asked),
    offsetMs: clock.offsetMs,
  };
  const judged = database.transaction(async (db) => {
    const verdict = await judgeAtDoor(db, trying, overall);
    if (verdict !== 'wrong' || !rightful || !(await isFirst(world, db, asked))) return verdict;
    const notice = { kind: 'id_blocked', details: { by: 'person' } } as const;
    await blockWithin(world, db, rightful.identityId, asked.what, { by: 'person' }, { notice });
    return verdict;
  });
  return await judged.catch(fullOrThrow);
}

/** False for the second half of a double-click, which would go on to the card that only travels. */
async function isFirst(
  { keyring, clock }: World,
  db: Queryable,
  { form, what }: AskedToBlock,
): Promise<boolean> {
  if (form === null) return true;
  const id = keyring.hmac('records', `block form ${form} for ${what}`);
  return await rememberReplayId(db, id, new Date(clock.now().getTime() + DAY_MS));
}

/** The same form with the same content, sent again, is one try. */
function formKey({ keyring, dice }: World, { form, typedName, password, what }: AskedToBlock): Buffer {
  if (form === null) return dice.bytes(16);
  const typed = JSON.stringify([form, what, typedName, password]);
  return keyring.hmac('records', `block form v1 ${typed}`).subarray(0, 16);
}

function whoseOf(credentials: Credentials | null, foldedName: string): string {
  return credentials ? `identity ${credentials.identityId}` : `name ${foldedName}`;
}
