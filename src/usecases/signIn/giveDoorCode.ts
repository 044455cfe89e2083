/**
 * The page that says that a code is needed: a code is given, or asked for. A right one gives this sign-in
 * five tries at the password, and nothing else. Wrong ones count by name and network, with a wide bucket over
 * all, so that a stranger who types nonsense does not spoil the code that its owner has in hand; unknown
 * names are counted alike.
 */
import { codeBudget, ladders, standing } from '../../core/lockout.ts';
import { widestNetworkOf } from '../../core/network/networks.ts';
import { foldSignInCode } from '../../core/signIn/signInCode.ts';
import type { Outcome } from '../../core/signIn.ts';
import { foldName } from '../../core/userId.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import { findCredentials } from '../../store/identities.ts';
import { findDoorCode, useDoorCode } from '../../store/signIn/doorCodes.ts';
import { DoorFull, judgeAtDoor, readDoor } from '../../store/signIn/doorTries.ts';
import { countWrongFrom } from '../../store/signIn/networkLevels.ts';
import {
  enterOutcome,
  findSignIn,
  noteOutcome,
  type OutcomeNote,
  type StoredSignIn,
} from '../../store/signIns.ts';
import { isAnyFull, networkBuckets } from '../networks.ts';
import { answerAtStrike } from '../strike.ts';
import { interactionExpiry, interactionKey, type World } from '../world.ts';
import { doorCodeKey } from './doorCode.ts';
import { noteFailure } from './failures.ts';
import { BUSY, holderKey, isSameKey, isTheirs, type FormAnswer, type SentForm } from './holder.ts';
import { orderDoorCode } from './orderDoorCode.ts';
import type { UnjudgedForm } from './unjudgedForm.ts';

export interface GivenDoorCode {
  readonly interactionId: string;
  /** A code is asked for. */
  readonly asks: 'code' | 'code_by_letter' | null;
  readonly code: string;
  readonly address: string;
  readonly sent: SentForm;
  /** The secret of the holder's cookie, if this browser has one. */
  readonly secret: string | null;
  /** What the browser carries of a password form that was not judged: the name is that of this form. */
  readonly unjudged: UnjudgedForm | null;
}

type DoorCodeAnswer = FormAnswer<'judged' | 'slowed'>;

/** To order a letter writes more than to order nothing; nobody is to tell the two by the clock. */
const ANSWER_MS = 400;
const NOT_THEIRS = { kind: 'judged', holds: false } as const;
const SLOWED = { kind: 'slowed', holds: false } as const;

export async function giveDoorCode(world: World, given: GivenDoorCode): Promise<DoorCodeAnswer> {
  return await answerAtStrike(ANSWER_MS, () => take(world, given));
}

async function take(world: World, given: GivenDoorCode): Promise<DoorCodeAnswer> {
  const { database } = world;
  const { interactionId, sent, secret } = given;
  const interaction = interactionKey(world, interactionId);
  const stored = await findSignIn(database, interaction);
  if (stored && isSameKey(stored.holder, sent.holder)) return { kind: 'again', holds: true };
  if (stored?.isAnswered) return { kind: 'again', holds: false };
  const isRow = stored !== null && secret !== null && isTheirs(world, interactionId, secret, stored);
  const typed = isRow ? typedInRow(world, interaction, stored) : typedBefore(given.unjudged);
  if (typed === null) return NOT_THEIRS;
  const trying: Trying = { given, typed, foldedName: foldName(typed), interaction, isRow };
  if (given.asks) return await order(world, trying);
  const folded = foldSignInCode(given.code);
  if (folded === '') return await mention(world, database, trying, needed('incomplete'));
  return await compare(world, trying, folded);
}

/** The name at which a code is needed, where the row says so. */
function typedInRow({ keyring }: World, interaction: Buffer, stored: StoredSignIn): string | null {
  const isAsked = isNeeded(stored.outcome) && stored.facts.passwordAt === null;
  if (!isAsked || !stored.typedNameSealed) return null;
  return keyring.open('records', stored.typedNameSealed, interaction);
}

function typedBefore(unjudged: UnjudgedForm | null): string | null {
  return unjudged && isNeeded(unjudged.outcome) ? unjudged.typedName : null;
}

function isNeeded(outcome: Outcome | null): boolean {
  return outcome?.kind === 'locked' && outcome.opensAt === null;
}

interface Trying {
  readonly given: GivenDoorCode;
  readonly typed: string;
  readonly foldedName: string;
  readonly interaction: Buffer;
  /** This browser holds the row of the sign-in; else there may be none. */
  readonly isRow: boolean;
}

function needed(code: 'ordered' | 'wrong' | 'incomplete'): Outcome {
  return { kind: 'locked', step: 'password', opensAt: null, code };
}

/** Counts for the networks as a wrong try does, for every name: letters cost. */
async function order(world: World, trying: Trying): Promise<DoorCodeAnswer> {
  const { database, clock } = world;
  const { given, foldedName } = trying;
  const networks = networkBuckets(world, given.address);
  const { levels } = await readDoor(database, {
    subject: world.keyring.hmac('attempts', `sign-in code asked for ${foldedName}`),
    buckets: networks,
    offsetMs: clock.offsetMs,
  });
  if (isAnyFull(networks, levels)) return SLOWED;
  await orderDoorCode(world, { foldedName, byLetter: given.asks === 'code_by_letter' });
  countWrongFrom(database, networks, clock.offsetMs);
  return await mention(world, database, trying, needed('ordered'));
}

async function compare(world: World, trying: Trying, folded: string): Promise<DoorCodeAnswer> {
  const { database, keyring, clock, rules } = world;
  const { offsetMs } = clock;
  const { given, foldedName, interaction } = trying;
  const found = await findCredentials(database, foldedName, null, clock.now());
  const identityId = found?.identityId ?? null;
  const whose = identityId === null ? `name ${foldedName}` : `identity ${identityId}`;
  const key = (text: string) => keyring.hmac('attempts', `sign-in code of ${whose} from ${text}`);
  const subject = key(`network ${widestNetworkOf(given.address)}`);
  const overall = { subject: key('all networks'), budget: codeBudget(rules) };
  const networks = networkBuckets(world, given.address);
  const buckets = [overall, ...networks];
  const { attempts, levels, now } = await readDoor(database, { subject, buckets, offsetMs });
  const ladder = ladders(rules).code;
  const state = standing(attempts, ladder, now);
  if (state.kind === 'busy') return BUSY;
  if (state.kind !== 'open' || isAnyFull(buckets, levels)) return SLOWED;

  const code = doorCodeKey(world, whose, folded);
  const codeId = await findDoorCode(database, { identityId, code, interaction, now });
  const judging = { subject, ladder, isRight: codeId !== null, form: given.sent.form, offsetMs };
  type Judged = DoorCodeAnswer & { readonly isWrong: boolean };
  const judgedHere = database.transaction(async (db): Promise<Judged> => {
    const verdict = await judgeAtDoor(db, judging, overall);
    if (verdict === 'busy') return { ...BUSY, isWrong: false };
    if (verdict !== 'right' && verdict !== 'wrong' && verdict !== 'again')
      return { ...SLOWED, isWrong: false };
    const isUsed = codeId !== null && (await useDoorCode(db, codeId, interaction, now));
    if (isUsed) await appendEvent(db, { kind: 'sign_in_code_used', identityId, details: {} });
    if (!isUsed) {
      const mentioned = await mention(world, db, trying, needed('wrong'));
      return { ...mentioned, isWrong: verdict === 'wrong' };
    }
    // Another browser has the sign-in by now: the code is not used up for it.
    if (!(await enterOutcome(db, interaction, noteOf(world, trying, null)))) throw new NotTheirs();
    return { kind: 'judged', holds: true, isWrong: verdict === 'wrong' };
  });
  const answer = await judgedHere.catch((error: unknown): Judged => {
    if (error instanceof NotTheirs) return { ...NOT_THEIRS, isWrong: false };
    if (error instanceof DoorFull) return { ...SLOWED, isWrong: false };
    throw error;
  });
  if (answer.isWrong) noteFailure(world, identityId, 'sign_in_code');
  if (answer.isWrong) countWrongFrom(database, networks, offsetMs);
  const { isWrong: _, ...judged } = answer;
  return judged;
}

class NotTheirs extends Error {}

/** What the next page says: in the row, if this browser holds it, else the browser carries it. */
async function mention(
  world: World,
  db: Queryable,
  trying: Trying,
  outcome: Outcome,
): Promise<DoorCodeAnswer> {
  const { isRow, interaction, typed: typedName } = trying;
  if (!isRow) return { kind: 'judged', holds: false, unjudged: { outcome, typedName } };
  const holds = await noteOutcome(db, interaction, noteOf(world, trying, outcome));
  return { kind: 'judged', holds };
}

function noteOf(
  world: World,
  { given: { interactionId, secret, sent }, typed, interaction, isRow }: Trying,
  outcome: Outcome | null,
): OutcomeNote {
  const now = world.clock.now();
  return {
    outcome,
    typedNameSealed: isRow ? null : world.keyring.seal('records', typed, interaction),
    now,
    expiresAt: interactionExpiry(now),
    formerHolder: isRow && secret !== null ? holderKey(world, interactionId, secret) : null,
    holder: sent.holder,
    mac: null,
  };
}
