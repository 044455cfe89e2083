/**
 * Step 3: the person chooses a user ID and a password, and confirms the terms. One transaction, decided by
 * the letter's row: a temporary password opens once, regardless of how often and on how many nodes it was
 * begun with. Whether a user ID is taken is revealed five times a day, and counted before it is looked up.
 */
import {
  checkCredentialChoice,
  nextActivationStep,
  type CredentialChoice,
  type CredentialChoiceFaults,
} from '../../domain/issuing/activation.ts';
import { TERMS_VERSION } from '../../domain/issuing/terms.ts';
import { readLockoutPolicies, readLockStatus } from '../../domain/signIn/lockout.ts';
import { preparePassword } from '../../domain/signIn/password.ts';
import type { Identity, Language } from '../../domain/person/person.ts';
import { foldName } from '../../domain/person/userId.ts';
import {
  saveCredentials,
  findActivation,
  resumeSignInOfActivation,
  recordActivationOutcome,
  UserIdTakenError,
  consumeTemporaryPassword,
} from '../../db/people/activations.ts';
import { saveUserId } from '../../db/people/userIds.ts';
import { recordAttempt, readAttempts, resetPasswordAttempts } from '../../db/signIn/attempts.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueBackchannelLogouts, enqueueMissedLogouts } from '../../db/oidc/backchannelLogouts.ts';
import { lockIdentity } from '../../db/cards/cardSets.ts';
import type { Queryable } from '../../db/database.ts';
import { deleteKnownBrowsers } from '../../db/signIn/knownBrowsers.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import {
  backfillAllUserIdForms,
  composeUserIdWithForm,
  hashPasswordSubject,
  runInNetworkTurn,
  toBusyWhenFull,
} from '../authentication/index.ts';
import { hashPassword } from '../identity/index.ts';
import { hashInteractionId, type AppContext } from '../appContext.ts';
import { hasAcceptedTerms } from './acceptedTerms.ts';
import { hashActivationId } from './activationId.ts';

export interface SubmittedCredentials extends CredentialChoice {
  readonly activation: string;
  /** The language in which the terms were shown. */
  readonly language: Language;
  /** The sign-in that led here, which can resume. */
  readonly from: string | null;
  readonly address: string;
  /** Aborted when the connection is closed. */
  readonly signal?: AbortSignal;
}

const NO_FAULT: CredentialChoiceFaults = { userId: null, password: null, terms: false, understood: false };

/**
 * `busy`: the hashing queue is full; nothing was changed.
 * @throws HashingAborted
 */
export async function chooseCredentials(
  context: AppContext,
  submitted: SubmittedCredentials,
): Promise<'processed' | 'busy'> {
  return await runInNetworkTurn(context, submitted, () => checkAndSaveCredentials(context, submitted));
}

async function checkAndSaveCredentials(
  context: AppContext,
  submitted: SubmittedCredentials,
): Promise<'processed' | 'busy'> {
  const { database, clock, keyring, breachedPasswords } = context;
  const now = clock.now();
  const id = hashActivationId(context, submitted.activation);
  const recordFaults = async (faults: CredentialChoiceFaults) => {
    const typedSealed = keyring.seal('records', submitted.userId, id);
    await recordActivationOutcome(database, id, { outcome: { kind: 'choice', faults }, typedSealed, now });
    return 'processed' as const;
  };
  const step = nextActivationStep(await findActivation(database, id), now);
  if (step.page !== 'choose') return 'processed';
  const { identity } = step;
  const choice = (await hasAcceptedTerms(context, identity.id))
    ? { ...submitted, terms: TERMS_VERSION, understood: true }
    : submitted;
  const faults = checkCredentialChoice(choice, identity, await isUserIdQueryAllowed(context, identity.id));
  if (faults) return await recordFaults(faults);
  if (await breachedPasswords.has(preparePassword(submitted.password))) {
    return await recordFaults({ ...NO_FAULT, password: 'breached' });
  }

  // Not by network: strangers there must not delay a person who has both letter and card.
  const hashing = { identity: `activation of ${identity.id}`, signal: submitted.signal };
  const passwordHash = await toBusyWhenFull(
    hashPassword(context, identity.id, preparePassword(submitted.password), hashing),
  );
  if (passwordHash === 'busy') return 'busy';
  const userId = foldName(submitted.userId);
  const chosen = { userId: userId === '' ? identity.userId : userId, passwordHash };
  if (chosen.userId !== identity.userId && !(await countUserIdQuery(context, identity.id))) {
    return await recordFaults({ ...NO_FAULT, userId: 'asked_too_often' });
  }
  try {
    const terms = { version: TERMS_VERSION, language: submitted.language };
    await database.transaction((db) => completeActivation(context, db, { id, identity, chosen, terms }));
  } catch (error) {
    if (error instanceof StaleCredentialChoiceError) return 'processed';
    if (!(error instanceof UserIdTakenError)) throw error;
    await appendEvent(database, { kind: 'user_id_refused', identityId: identity.id, details: {} });
    return await recordFaults({ ...NO_FAULT, userId: 'taken' });
  }
  await enqueueMissedLogouts(database, identity.id);
  if (submitted.from !== null)
    await resumeSignInOfActivation(database, hashInteractionId(context, submitted.from));
  return 'processed';
}

/** Keeps what was typed when the language is switched, and asks for the password again. */
export async function keepChosenUserId(
  context: AppContext,
  activation: string,
  userId: string,
): Promise<void> {
  const { database, clock, keyring } = context;
  const now = clock.now();
  const id = hashActivationId(context, activation);
  if (nextActivationStep(await findActivation(database, id), now).page !== 'choose') return;
  const typedSealed = keyring.seal('records', userId, id);
  const outcome = { kind: 'choice', faults: NO_FAULT } as const;
  await recordActivationOutcome(database, id, { outcome, typedSealed, now });
}

/**
 * A concurrent activation won, or this one was blocked or ended in the meantime: the transaction is rolled
 * back.
 */
class StaleCredentialChoiceError extends Error {}
function readUserIdQueryCounter({ keyring, rules }: AppContext, identityId: string) {
  const subject = keyring.hmac('attempts', `user IDs asked for by identity ${identityId}`);
  return { subject, lockoutPolicy: readLockoutPolicies(rules).userIdQueries };
}

async function isUserIdQueryAllowed(context: AppContext, identityId: string): Promise<boolean> {
  const { subject, lockoutPolicy } = readUserIdQueryCounter(context, identityId);
  const { attempts, now } = await readAttempts(context.database, subject);
  return (
    readLockStatus(attempts, lockoutPolicy, new Date(now.getTime() + context.clock.offsetMs)).kind === 'open'
  );
}

/** Counts before the answer, and regardless of it. Returns false when the budget is exhausted. */
async function countUserIdQuery(context: AppContext, identityId: string): Promise<boolean> {
  const { database, random, clock } = context;
  await backfillAllUserIdForms(context);
  const attempt = { ...readUserIdQueryCounter(context, identityId), isRight: false, form: random.bytes(16) };
  return (await recordAttempt(database, { ...attempt, offsetMs: clock.offsetMs })).verdict === 'wrong';
}

interface ActivationCompletion {
  readonly id: Buffer;
  readonly identity: Identity;
  readonly chosen: { readonly userId: string | null; readonly passwordHash: string };
  readonly terms: { readonly version: string; readonly language: Language };
}

/** @throws StaleCredentialChoiceError, UserIdTakenError */
async function completeActivation(
  context: AppContext,
  db: Queryable,
  { id, identity, chosen, terms }: ActivationCompletion,
): Promise<void> {
  const { clock, random } = context;
  const now = clock.now();
  const identityId = identity.id;
  const unfilled = hashPasswordSubject(context, `identity ${identityId}`);
  await resetPasswordAttempts(db, identityId, { unfilled, offsetMs: context.clock.offsetMs });
  await lockIdentity(db, identityId);
  const current = await findActivation(db, id);
  if (!current || !(await consumeTemporaryPassword(db, id, now)))
    throw new StaleCredentialChoiceError('the temporary password is no longer valid');
  const isNew = chosen.userId !== (current.identity?.userId ?? null);
  if (isNew && chosen.userId !== null) await saveUserId(db, identityId, composeUserIdWithForm(chosen.userId));
  await saveCredentials(db, identityId, chosen);
  // Known browsers belong to the previous password.
  await deleteKnownBrowsers(db, identityId);
  await appendEvent(db, { kind: 'terms_confirmed', identityId, details: terms });
  if (isNew) {
    await appendEvent(db, { kind: 'user_id_chosen', identityId, details: {} });
  }
  await appendEvent(db, { kind: 'password_chosen', identityId, details: {} });
  if (!current.hasPassword) await appendEvent(db, { kind: 'identity_activated', identityId, details: {} });
  const kind = current.hasPassword ? 'password_changed' : 'id_activated';
  const notice = { kind, details: { at: now.toISOString() } } as const;
  await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
  if (current.hasPassword) await enqueueBackchannelLogouts(db, identityId);
}
