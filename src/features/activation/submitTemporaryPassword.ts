/**
 * Step 1: a name and the temporary password from the letter. From one network one attempt in half a minute is
 * verified, as in docs/decisions/0017-the-sign-in.md, and none ever locks: ID numbers are dense, so strangers
 * could lock out many persons. Unknown and wrong get the same response, in bytes and in time; what is wrong
 * with a right one (used, expired, the ID blocked) is shown by the next page.
 */
import { checkNameAndPassword, cleanNameForPage } from '../../domain/input/nameAndPassword.ts';
import type { ActivationOutcome } from '../../domain/issuing/activation.ts';
import {
  readLockoutPolicies,
  readLockStatus,
  readTemporaryPasswordBudget,
} from '../../domain/signIn/lockout.ts';
import { findCustomerNetwork, isBudgetFull, findNarrowestNetwork } from '../../domain/network/networks.ts';
import { foldTemporaryPassword } from '../../domain/signIn/password.ts';
import { foldName } from '../../domain/person/userId.ts';
import { acceptTemporaryPassword, findTemporaryPassword } from '../../db/people/activations.ts';
import {
  toFullOrThrow,
  recordPublicFormAttempt,
  readPublicFormAttempts,
} from '../../db/signIn/publicFormAttempts.ts';
import { queueWrongAttempt } from '../../db/signIn/networkLevels.ts';
import {
  isAnyBucketFull,
  listNetworkBuckets,
  recordSignInFailure,
  reportFailedStep,
  runInNetworkTurn,
  toBusyWhenFull,
} from '../authentication/index.ts';
import { verifyPassword } from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';
import { readActivationExpiry, hashActivationId, drawActivationId } from './activationId.ts';

export interface SubmittedTemporaryPassword {
  /** The content of this browser's cookie. */
  readonly activation: string;
  readonly typedName: string;
  readonly password: string;
  readonly address: string;
  /** Aborted when the connection is closed. */
  readonly signal?: AbortSignal;
}

/**
 * `busy`: the hashing queue is full; nothing was counted. `slowed`: too many wrong attempts came from this
 * network. `renewed`: it was right, and this is the new content of the cookie; the previous one is no longer
 * valid. An outcome: it was not right, and nothing is stored but the count of the attempt.
 */
export async function submitTemporaryPassword(
  context: AppContext,
  submitted: SubmittedTemporaryPassword,
): Promise<TemporaryPasswordResult> {
  return await runInNetworkTurn(context, submitted, () => verifyTemporaryPassword(context, submitted));
}

export type TemporaryPasswordResult =
  | 'processed'
  | 'busy'
  | 'slowed'
  | { readonly renewed: string }
  | TemporaryPasswordNotice;

/** The outcome that the page reports, with the name as it shows it again. */
export interface TemporaryPasswordNotice {
  readonly outcome: ActivationOutcome;
  readonly typed: string;
}

async function verifyTemporaryPassword(
  context: AppContext,
  submitted: SubmittedTemporaryPassword,
): Promise<TemporaryPasswordResult> {
  const { database, keyring, clock, rules } = context;
  const now = clock.now();
  const { offsetMs } = clock;
  const expiresAt = readActivationExpiry(now);
  const composeNotice = (outcome: ActivationOutcome) => ({
    outcome,
    typed: cleanNameForPage(submitted.typedName),
  });
  // Tabs and line breaks are typed by the reader here, like spaces, and are removed.
  const password = foldTemporaryPassword(submitted.password);
  const fault = checkNameAndPassword(submitted.typedName, password);
  if (fault) return composeNotice({ kind: fault });
  const name = foldName(submitted.typedName);

  const found = await findTemporaryPassword(database, name);
  const owner = found ? `identity ${found.identityId}` : `name ${name}`;
  const counter = (from: string) => keyring.hmac('attempts', `temporary password of ${owner} from ${from}`);
  const subject = counter(`network ${findCustomerNetwork(submitted.address)}`);
  const overall = { subject: counter('all networks'), budget: readTemporaryPasswordBudget(rules) };
  const networks = listNetworkBuckets(context, submitted.address);
  const lockoutPolicy = readLockoutPolicies(rules).temporary;
  const formAttempts = await readPublicFormAttempts(database, {
    subject,
    buckets: [overall, ...networks],
    offsetMs,
  });
  const [levelOverall = null, ...levels] = formAttempts.levels;
  if (isAnyBucketFull(networks, levels)) return 'slowed';
  const state = readLockStatus(formAttempts.attempts, lockoutPolicy, formAttempts.now);
  if (state.kind !== 'open' || isBudgetFull(levelOverall, overall.budget))
    return composeNotice({ kind: 'too_soon' });

  const stored = {
    identityId: found?.identityId ?? null,
    stored: found?.hash ?? null,
    isOfLetter: true,
  };
  const isRight = await toBusyWhenFull(
    verifyPassword(context, stored, password, {
      identity: overall.subject.toString('base64url'),
      network: findNarrowestNetwork(submitted.address),
      signal: submitted.signal,
    }),
  );
  if (isRight === 'busy') return 'busy';
  const renewed = drawActivationId(context);
  const accepted = isRight && found?.letterId ? { ...found, letterId: found.letterId } : null;
  const form = keyring.hmac(
    'records',
    `activation form v1 ${JSON.stringify([submitted.activation, name, password])}`,
  );
  const attempt = {
    subject,
    lockoutPolicy,
    isRight: accepted !== null,
    form: form.subarray(0, 16),
    offsetMs,
  };
  const result = database.transaction(async (db) => {
    const verdict = await recordPublicFormAttempt(db, attempt, overall);
    if (accepted && (verdict === 'right' || verdict === 'again')) {
      await acceptTemporaryPassword(db, hashActivationId(context, renewed), { ...accepted, now, expiresAt });
    }
    return verdict;
  });
  const verdict = await result.catch(toFullOrThrow);
  if (verdict === 'busy') return 'busy';
  if (verdict === 'wrong') {
    const identityId = found?.identityId ?? null;
    recordSignInFailure(context, identityId, 'temporary_password');
    reportFailedStep(context, { step: 'temporary_password', identityId }, 'wrong');
  }
  if (verdict === 'wrong') queueWrongAttempt(database, networks, offsetMs);
  if (verdict !== 'right' && verdict !== 'wrong' && verdict !== 'again')
    return composeNotice({ kind: 'too_soon' });
  return accepted ? { renewed } : composeNotice({ kind: 'wrong_temporary' });
}
