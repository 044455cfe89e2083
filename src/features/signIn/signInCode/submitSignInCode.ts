/**
 * The page that asks for a code: a code is entered, or ordered. A right code gives this sign-in five attempts
 * at the password, and nothing else. Wrong codes count by name and network, with a wide bucket over all
 * networks, so that a stranger who types nonsense does not invalidate the code of the owner; unknown names
 * are counted alike.
 */
import { readCodeBudget, readLockoutPolicies, readLockStatus } from '../../../domain/signIn/lockout.ts';
import { findWidestNetwork } from '../../../domain/network/networks.ts';
import { foldSignInCode } from '../../../domain/signIn/signInCode.ts';
import type { AtRelyingParty } from '../../../domain/securityEvent.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import { foldName } from '../../../domain/person/userId.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import type { Queryable } from '../../../db/database.ts';
import { findCredentials } from '../../../db/people/identities.ts';
import { findSignInCode, consumeSignInCode } from './signInCodes.queries.ts';
import {
  NameBudgetExhausted,
  recordPublicFormAttempt,
  readPublicFormAttempts,
} from '../../../db/signIn/publicFormAttempts.ts';
import { queueWrongAttempt } from '../../../db/signIn/networkLevels.ts';
import {
  insertSignInOutcome,
  findSignIn,
  recordSignInOutcome,
  type OutcomeRecord,
  type StoredSignIn,
} from '../../../db/signIn/signIns.ts';
import {
  isAnyBucketFull,
  listNetworkBuckets,
  recordSignInFailure,
  reportFailedStep,
} from '../../authentication/index.ts';
import { respondOnFixedTick } from '../../../platform/fixedTick.ts';
import { readInteractionExpiry, hashInteractionId, type AppContext } from '../../appContext.ts';
import { hashSignInCode } from './signInCodeHash.ts';
import {
  BUSY,
  hashHolder,
  isSameHash,
  isHeldByBrowser,
  type FormResult,
  type SubmittedForm,
} from '../holder/holder.ts';
import { orderSignInCode } from './orderSignInCode.ts';
import type { CookieOutcome } from '../holder/outcomeOfCookie.ts';

export interface SubmittedSignInCode {
  readonly interactionId: string;
  readonly at: AtRelyingParty;
  /** The form orders a code. */
  readonly asks: 'code' | 'code_by_letter' | null;
  readonly code: string;
  readonly address: string;
  readonly sent: SubmittedForm;
  /** The secret of the holder's cookie, if this browser has one. */
  readonly secret: string | null;
  /**
   * The outcome of a password form that was not recorded, from the browser's cookie: its name is the name for
   * this code.
   */
  readonly cookieOutcome: CookieOutcome | null;
}

type SignInCodeResult = FormResult<'processed' | 'slowed'>;

/** Ordering a letter writes more than ordering nothing. Responses on a fixed tick hide the difference. */
const RESPONSE_TICK_MS = 400;
const NOT_APPLICABLE = { kind: 'processed', holds: false } as const;
const THROTTLED = { kind: 'slowed', holds: false } as const;

export async function submitSignInCode(
  context: AppContext,
  submitted: SubmittedSignInCode,
): Promise<SignInCodeResult> {
  return await respondOnFixedTick(RESPONSE_TICK_MS, () => processSignInCode(context, submitted));
}

async function processSignInCode(
  context: AppContext,
  submitted: SubmittedSignInCode,
): Promise<SignInCodeResult> {
  const { database } = context;
  const { interactionId, sent, secret } = submitted;
  const interaction = hashInteractionId(context, interactionId);
  const stored = await findSignIn(database, interaction);
  if (stored && isSameHash(stored.holder, sent.holder)) return { kind: 'again', holds: true };
  if (stored?.isAnswered) return { kind: 'again', holds: false };
  const isRow = stored !== null && secret !== null && isHeldByBrowser(context, interactionId, secret, stored);
  const typed = isRow
    ? readNameOfRow(context, interaction, stored)
    : readNameOfCookie(submitted.cookieOutcome);
  if (typed === null) return NOT_APPLICABLE;
  const attempt: SignInCodeAttempt = { submitted, typed, foldedName: foldName(typed), interaction, isRow };
  if (submitted.asks) return await orderSignInCodeByForm(context, attempt);
  const folded = foldSignInCode(submitted.code);
  if (folded === '')
    return await recordCodeOutcome(context, database, attempt, composeCodeNeeded('incomplete'));
  return await verifySignInCode(context, attempt, folded);
}

/** The name that needs a code, if the row states so. */
function readNameOfRow({ keyring }: AppContext, interaction: Buffer, stored: StoredSignIn): string | null {
  const needsCode = isCodeNeeded(stored.outcome) && stored.facts.passwordAt === null;
  if (!needsCode || !stored.typedNameSealed) return null;
  return keyring.open('records', stored.typedNameSealed, interaction);
}

function readNameOfCookie(cookieOutcome: CookieOutcome | null): string | null {
  return cookieOutcome && isCodeNeeded(cookieOutcome.outcome) ? cookieOutcome.typedName : null;
}

function isCodeNeeded(outcome: SignInOutcome | null): boolean {
  return outcome?.kind === 'locked' && outcome.opensAt === null;
}

interface SignInCodeAttempt {
  readonly submitted: SubmittedSignInCode;
  readonly typed: string;
  readonly foldedName: string;
  readonly interaction: Buffer;
  /** This browser holds the row of the sign-in; false when there may be none. */
  readonly isRow: boolean;
}

function composeCodeNeeded(code: 'ordered' | 'wrong' | 'incomplete'): SignInOutcome {
  return { kind: 'locked', step: 'password', opensAt: null, code };
}

/** Counts for the networks like a wrong attempt, for every name, because letters cost money. */
async function orderSignInCodeByForm(
  context: AppContext,
  attempt: SignInCodeAttempt,
): Promise<SignInCodeResult> {
  const { database, clock } = context;
  const { submitted, foldedName } = attempt;
  const networks = listNetworkBuckets(context, submitted.address);
  const { levels } = await readPublicFormAttempts(database, {
    subject: context.keyring.hmac('attempts', `sign-in code asked for ${foldedName}`),
    buckets: networks,
    offsetMs: clock.offsetMs,
  });
  if (isAnyBucketFull(networks, levels)) return THROTTLED;
  await orderSignInCode(context, { foldedName, byLetter: submitted.asks === 'code_by_letter' });
  queueWrongAttempt(database, networks, clock.offsetMs);
  return await recordCodeOutcome(context, database, attempt, composeCodeNeeded('ordered'));
}

async function verifySignInCode(
  context: AppContext,
  attempt: SignInCodeAttempt,
  folded: string,
): Promise<SignInCodeResult> {
  const { database, keyring, clock, rules } = context;
  const { offsetMs } = clock;
  const { submitted, foldedName, interaction } = attempt;
  const found = await findCredentials(database, foldedName, null, clock.now());
  const identityId = found?.identityId ?? null;
  const owner = identityId === null ? `name ${foldedName}` : `identity ${identityId}`;
  const key = (text: string) => keyring.hmac('attempts', `sign-in code of ${owner} from ${text}`);
  const subject = key(`network ${findWidestNetwork(submitted.address)}`);
  const overall = { subject: key('all networks'), budget: readCodeBudget(rules) };
  const networks = listNetworkBuckets(context, submitted.address);
  const buckets = [overall, ...networks];
  const step = { step: 'sign_in_code', identityId, at: submitted.at } as const;
  const { attempts, levels, now } = await readPublicFormAttempts(database, { subject, buckets, offsetMs });
  const lockoutPolicy = readLockoutPolicies(rules).code;
  const state = readLockStatus(attempts, lockoutPolicy, now);
  const isFull = isAnyBucketFull(buckets, levels);
  if (state.kind !== 'open' || isFull)
    reportFailedStep(context, step, state.kind === 'locked' ? 'locked' : 'refused');
  if (state.kind === 'busy') return BUSY;
  if (state.kind !== 'open' || isFull) return THROTTLED;

  const code = hashSignInCode(context, owner, folded);
  const codeId = await findSignInCode(database, { identityId, code, interaction, now });
  const attemptToRecord = {
    subject,
    lockoutPolicy,
    isRight: codeId !== null,
    form: submitted.sent.form,
    offsetMs,
  };
  type SignInCodeVerdict = SignInCodeResult & { readonly isWrong: boolean; readonly isUsed?: true };
  const resultHere = database.transaction(async (db): Promise<SignInCodeVerdict> => {
    const verdict = await recordPublicFormAttempt(db, attemptToRecord, overall);
    if (verdict === 'busy') return { ...BUSY, isWrong: false };
    if (verdict !== 'right' && verdict !== 'wrong' && verdict !== 'again')
      return { ...THROTTLED, isWrong: false };
    const isUsed = codeId !== null && (await consumeSignInCode(db, codeId, interaction, now));
    if (isUsed) await appendEvent(db, { kind: 'sign_in_code_used', identityId, details: {} });
    if (!isUsed) {
      const recorded = await recordCodeOutcome(context, db, attempt, composeCodeNeeded('wrong'));
      return { ...recorded, isWrong: verdict === 'wrong' };
    }
    // Another browser holds the sign-in since then: the code is not used up for it.
    if (!(await insertSignInOutcome(db, interaction, composeCodeOutcomeRecord(context, attempt, null))))
      throw new HolderMismatchError();
    return { kind: 'processed', holds: true, isWrong: verdict === 'wrong', isUsed };
  });
  const answer = await resultHere.catch((error: unknown): SignInCodeVerdict => {
    if (error instanceof HolderMismatchError) return { ...NOT_APPLICABLE, isWrong: false };
    if (error instanceof NameBudgetExhausted) return { ...THROTTLED, isWrong: false };
    throw error;
  });
  if (answer.isWrong) recordSignInFailure(context, identityId, 'sign_in_code');
  if (answer.isWrong) queueWrongAttempt(database, networks, offsetMs);
  const { isWrong, isUsed, ...result } = answer;
  if (isUsed) context.report({ kind: 'step_accepted', step: 'sign_in_code', identityId, ...submitted.at });
  else if (isWrong) reportFailedStep(context, step, 'wrong');
  else if (result.kind === 'busy' || result.kind === 'slowed') reportFailedStep(context, step, 'refused');
  return result;
}

class HolderMismatchError extends Error {}

/** Records what the next page reports: in the row, if this browser holds it, else in the browser's cookie. */
async function recordCodeOutcome(
  context: AppContext,
  db: Queryable,
  attempt: SignInCodeAttempt,
  outcome: SignInOutcome,
): Promise<SignInCodeResult> {
  const { isRow, interaction, typed: typedName } = attempt;
  if (!isRow) return { kind: 'processed', holds: false, cookieOutcome: { outcome, typedName } };
  const holds = await recordSignInOutcome(
    db,
    interaction,
    composeCodeOutcomeRecord(context, attempt, outcome),
  );
  return { kind: 'processed', holds };
}

function composeCodeOutcomeRecord(
  context: AppContext,
  { submitted: { interactionId, secret, sent }, typed, interaction, isRow }: SignInCodeAttempt,
  outcome: SignInOutcome | null,
): OutcomeRecord {
  const now = context.clock.now();
  return {
    outcome,
    typedNameSealed: isRow ? null : context.keyring.seal('records', typed, interaction),
    now,
    expiresAt: readInteractionExpiry(now),
    formerHolder: isRow && secret !== null ? hashHolder(context, interactionId, secret) : null,
    holder: sent.holder,
    mac: null,
  };
}
