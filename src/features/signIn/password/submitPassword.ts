/**
 * Processes a name and a password: read, compare, record (docs/decisions/0017-the-sign-in.md). Unknown and
 * wrong get the same response, in bytes and in time: the same statements run, and a dummy hash is verified
 * when no hash exists. features/authentication/passwordBudget.ts chooses the budget.
 */
import { checkNameAndPassword, cleanNameForPage } from '../../../domain/input/nameAndPassword.ts';
import { readLockStatus } from '../../../domain/signIn/lockout.ts';
import { findNarrowestNetwork } from '../../../domain/network/networks.ts';
import { cleanTypedPassword } from '../../../domain/signIn/password.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import { foldName } from '../../../domain/person/userId.ts';
import {
  queuePasswordAttemptRead,
  type PasswordAttemptQuery,
  type PasswordAttemptState,
} from '../../../db/signIn/passwordReads.ts';
import {
  recordUnverifiedPassword,
  recordVerifiedPassword,
  type PasswordRecordResult,
  type PasswordSubmissionResult,
  type SubmittedPassword,
} from './recordPassword.ts';
import { saveBrowserAttemptSubject, saveAttemptSubjects } from '../../../db/signIn/attemptSubjects.ts';
import {
  choosePasswordBudget,
  deriveAttemptSubjects,
  dropKnownOrigin,
  forgetExhaustedOrigin,
  hashBrowsers,
  hashBrowserSubject,
  hashKnownNetwork,
  hashPasswordSubject,
  isAnyBucketFull,
  isKnownOrigin,
  listNetworkBuckets,
  type PasswordBudget,
  reportFailedStep,
  runInNetworkTurn,
  toBusyWhenFull,
} from '../../authentication/index.ts';
import { hashInteractionId, type AppContext } from '../../appContext.ts';
import { BUSY, isSameHash } from '../holder/holder.ts';
import { verifyPassword } from '../../identity/index.ts';

export async function submitPassword(
  context: AppContext,
  submitted: SubmittedPassword,
): Promise<PasswordSubmissionResult> {
  const answer = await runInNetworkTurn(context, submitted, () => readAndVerifyPassword(context, submitted));
  const isRefused = answer === 'busy' || answer.kind === 'slowed';
  if (isRefused)
    reportFailedStep(context, { step: 'password', identityId: null, at: submitted.at }, 'refused');
  return answer === 'busy' ? BUSY : answer;
}

async function readAndVerifyPassword(
  context: AppContext,
  submitted: SubmittedPassword,
): Promise<PasswordSubmissionResult> {
  const { keyring, clock } = context;
  const interaction = hashInteractionId(context, submitted.interactionId);
  const typedNameSealed = keyring.seal('records', cleanNameForPage(submitted.typedName), interaction);
  const fault = checkNameAndPassword(submitted.typedName, submitted.password);
  if (fault)
    return await recordUnverifiedPassword(context, submitted, {
      outcome: { kind: fault },
      typedNameSealed,
      now: clock.now(),
    });

  const first = await processPassword(context, submitted, typedNameSealed);
  if (first.kind !== 'changed') return first;
  // The password was changed, or rehashed, between reading and recording: the current one is compared. This
  // browser holds the row since then, and the same form results in a separate second attempt.
  const { sent } = submitted;
  const retry = { ...submitted, secret: sent.secret, sent: { ...sent, form: sent.holder.subarray(16) } };
  const second = await processPassword(context, retry, typedNameSealed, true);
  return second.kind === 'changed' ? { kind: 'processed', holds: second.holds } : second;
}

async function processPassword(
  context: AppContext,
  submitted: SubmittedPassword,
  typedNameSealed: Buffer,
  isSecond = false,
): Promise<PasswordRecordResult> {
  const { clock } = context;
  const { sent, interactionId } = submitted;
  const interaction = hashInteractionId(context, interactionId);
  const name = foldName(submitted.typedName);
  const browsers = hashBrowsers(context, submitted.browsers);
  const networks = listNetworkBuckets(context, submitted.address);
  const knownNetwork = hashKnownNetwork(context, submitted.address);
  const query = { foldedName: name, browsers, offsetMs: clock.offsetMs, interaction, networks, knownNetwork };
  const found = await readPasswordState(context, {
    ...query,
    nameSubject: hashPasswordSubject(context, `name ${name}`),
  });
  if (!isSecond && isSameHash(found.holder, sent.holder)) return { kind: 'again', holds: true };
  if (found.isAnswered) return { kind: 'again', holds: false };

  const now = new Date(found.now.getTime() + clock.offsetMs);
  const budget = choosePasswordBudget(context, { name, knownNetwork }, found);
  const locked = findPasswordLock(budget, found, now);
  if (locked === 'busy') return BUSY;
  // The node that exhausted the attempts stopped before it removed the known browser or network.
  if (locked?.kind === 'wrong_password' && found.identityId) {
    await forgetExhaustedOrigin(context, found.identityId, budget);
  }
  if (locked) {
    const step = { step: 'password', identityId: found.identityId, at: submitted.at } as const;
    reportFailedStep(context, step, 'locked');
    return await recordUnverifiedPassword(context, submitted, { outcome: locked, typedNameSealed, now });
  }
  if (!budget.knownBrowser && isAnyBucketFull(networks, found.networkLevels))
    return { kind: 'slowed', holds: false };

  const isRight = await verifySubmittedPassword(context, submitted, found, budget);
  if (isRight === 'busy') return BUSY;
  return await recordVerifiedPassword(context, submitted, {
    found,
    budget,
    isRight,
    networks,
    now,
    typedNameSealed,
  });
}

/**
 * Reads the attempts together with their owner, once a node has filled in the subject under which they are
 * stored.
 */
async function readPasswordState(
  context: AppContext,
  query: PasswordAttemptQuery,
): Promise<PasswordAttemptState> {
  const { database } = context;
  const read = await queuePasswordAttemptRead(database, query);
  const trustedQuery = isKnownOrigin(context, query, read) ? query : dropKnownOrigin(query);
  const found = trustedQuery === query ? read : await queuePasswordAttemptRead(database, trustedQuery);
  const { identityId, knownBrowser, subjects } = found;
  if (identityId === null) return found;
  if (subjects.password !== null && (!knownBrowser || subjects.browser !== null)) return found;
  await saveAttemptSubjects(database, [{ id: identityId, ...deriveAttemptSubjects(context, identityId) }]);
  if (knownBrowser) {
    const ofBrowser = hashBrowserSubject(context, identityId, knownBrowser);
    await saveBrowserAttemptSubject(database, knownBrowser, identityId, ofBrowser);
  }
  return await queuePasswordAttemptRead(database, trustedQuery);
}

/** Returns the outcome of a locked budget, before anything is compared. */
function findPasswordLock(
  budget: PasswordBudget,
  found: PasswordAttemptState,
  now: Date,
): SignInOutcome | 'busy' | null {
  const state = readLockStatus(found.attempts, budget.lockoutPolicy, now);
  switch (state.kind) {
    case 'open':
      return null;
    case 'busy':
      return 'busy';
    case 'locked':
      return { kind: 'locked', step: 'password', opensAt: state.opensAt };
    case 'worn_out':
      return budget.exhausted;
  }
}

async function verifySubmittedPassword(
  context: AppContext,
  submitted: SubmittedPassword,
  found: PasswordAttemptState,
  budget: PasswordBudget,
): Promise<boolean | 'busy'> {
  const isKnown = budget.knownBrowser !== null;
  const { identityId, passwordHash: stored } = found;
  const typed = cleanTypedPassword(submitted.password, found.isTemporary);
  return await toBusyWhenFull(
    verifyPassword(context, { identityId, stored, isOfLetter: found.isTemporary }, typed, {
      identity: budget.unknownBrowsers.toString('base64url'),
      network: isKnown ? null : findNarrowestNetwork(submitted.address),
      isKnown,
      signal: submitted.signal,
    }),
  );
}
