/**
 * Processes a name and a password: read, compare, record (docs/decisions/0017-the-sign-in.md). Unknown and
 * wrong get the same response, in bytes and in time: the same statements run, and a dummy hash is verified
 * when there is none. features/authentication/passwordBudget.ts chooses the budget.
 */
import { checkNameAndPassword, cleanNameForPage } from '../../../domain/input/nameAndPassword.ts';
import { readLockStatus } from '../../../domain/signIn/lockout.ts';
import { drawChallenge } from '../../../domain/card/keyCard.ts';
import { PASSWORD, type FactorKinds } from '../../../domain/signIn/levels.ts';
import { findNarrowestNetwork } from '../../../domain/network/networks.ts';
import { cleanTypedPassword } from '../../../domain/signIn/password.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import { foldName } from '../../../domain/person/userId.ts';
import { queueWrongAttempt, type NetworkBucket } from '../../../db/signIn/networkLevels.ts';
import {
  queuePasswordAttemptRead,
  type PasswordAttemptQuery,
  type PasswordAttemptState,
} from '../../../db/signIn/passwordReads.ts';
import { recordPasswordAttempt, type PasswordAttemptResult } from './passwordAttempts.queries.ts';
import { saveBrowserAttemptSubject, saveAttemptSubjects } from '../../../db/signIn/attemptSubjects.ts';
import { findSignIn, recordSignInOutcome, type StoredSignIn } from '../../../db/signIn/signIns.ts';
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
  recordSignInFailure,
  rehashIfNeeded,
  runInNetworkTurn,
  toBusyWhenFull,
} from '../../authentication/index.ts';
import { readInteractionExpiry, hashInteractionId, type AppContext } from '../../appContext.ts';
import {
  remakeSignInMac,
  BUSY,
  hashHolder,
  isSameHash,
  isHeldByBrowser,
  makeSignInMac,
  type FormResult,
  type SubmittedForm,
} from '../holder/holder.ts';
import { isHeldByForm } from '../holder/moveHolder.ts';
import type { CookieOutcome } from '../holder/outcomeOfCookie.ts';
import { verifyPassword } from '../../identity/index.ts';

export interface SubmittedPassword {
  readonly interactionId: string;
  readonly typedName: string;
  readonly password: string;
  /** The client's network address, as the middleware determined it. */
  readonly address: string;
  /** Values of the known-browser cookies. */
  readonly browsers: readonly string[];
  /** The kinds of factor that the sign-in requires: a card's key may be asked for after the password. */
  readonly requiredKinds: FactorKinds;
  readonly sent: SubmittedForm;
  /** The secret of the holder's cookie, if this browser has one. */
  readonly secret: string | null;
  /** Aborted when the connection is closed. */
  readonly signal?: AbortSignal;
}

/**
 * `busy`: the hashing queue is full; nothing was counted. `slowed`: too many wrong attempts came from this
 * network; nothing was verified.
 */
export type PasswordSubmissionResult = FormResult<'judged' | 'slowed'>;

export async function submitPassword(
  context: AppContext,
  submitted: SubmittedPassword,
): Promise<PasswordSubmissionResult> {
  const answer = await runInNetworkTurn(context, submitted, () => readAndVerifyPassword(context, submitted));
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
  const again = { ...submitted, secret: sent.secret, sent: { ...sent, form: sent.holder.subarray(16) } };
  const second = await processPassword(context, again, typedNameSealed, true);
  return second.kind === 'changed' ? { kind: 'judged', holds: second.holds } : second;
}

type PasswordRecordResult = PasswordSubmissionResult | { readonly kind: 'changed'; readonly holds: boolean };

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
  const who = choosePasswordBudget(context, { name, knownNetwork }, found);
  const locked = findPasswordLock(who, found, now);
  if (locked === 'busy') return BUSY;
  // The node that exhausted the attempts stopped before it removed the known browser or network.
  if (locked?.kind === 'wrong_password' && found.identityId) {
    await forgetExhaustedOrigin(context, found.identityId, who);
  }
  if (locked)
    return await recordUnverifiedPassword(context, submitted, { outcome: locked, typedNameSealed, now });
  if (!who.knownBrowser && isAnyBucketFull(networks, found.networkLevels))
    return { kind: 'slowed', holds: false };

  const isRight = await verifySubmittedPassword(context, submitted, found, who);
  if (isRight === 'busy') return BUSY;
  return await recordVerifiedPassword(context, submitted, {
    found,
    who,
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
  const asked = isKnownOrigin(context, query, read) ? query : dropKnownOrigin(query);
  const found = asked === query ? read : await queuePasswordAttemptRead(database, asked);
  const { identityId, knownBrowser, subjects } = found;
  if (identityId === null) return found;
  if (subjects.password !== null && (!knownBrowser || subjects.browser !== null)) return found;
  await saveAttemptSubjects(database, [{ id: identityId, ...deriveAttemptSubjects(context, identityId) }]);
  if (knownBrowser) {
    const ofBrowser = hashBrowserSubject(context, identityId, knownBrowser);
    await saveBrowserAttemptSubject(database, knownBrowser, identityId, ofBrowser);
  }
  return await queuePasswordAttemptRead(database, asked);
}

/** Returns the outcome of a locked budget, before anything is compared. */
function findPasswordLock(
  who: PasswordBudget,
  found: PasswordAttemptState,
  now: Date,
): SignInOutcome | 'busy' | null {
  const state = readLockStatus(found.attempts, who.lockoutPolicy, now);
  switch (state.kind) {
    case 'open':
      return null;
    case 'busy':
      return 'busy';
    case 'locked':
      return { kind: 'locked', step: 'password', opensAt: state.opensAt };
    case 'worn_out':
      return who.exhausted;
  }
}

async function verifySubmittedPassword(
  context: AppContext,
  submitted: SubmittedPassword,
  found: PasswordAttemptState,
  who: PasswordBudget,
): Promise<boolean | 'busy'> {
  const isKnown = who.knownBrowser !== null;
  const { identityId, passwordHash: stored } = found;
  const typed = cleanTypedPassword(submitted.password, found.isTemporary);
  return await toBusyWhenFull(
    verifyPassword(context, { identityId, stored, isOfLetter: found.isTemporary }, typed, {
      identity: who.unknownBrowsers.toString('base64url'),
      network: isKnown ? null : findNarrowestNetwork(submitted.address),
      isKnown,
      signal: submitted.signal,
    }),
  );
}

interface VerifiedPassword {
  readonly found: PasswordAttemptState;
  readonly who: PasswordBudget;
  readonly isRight: boolean;
  readonly networks: readonly NetworkBucket[];
  readonly now: Date;
  readonly typedNameSealed: Buffer;
}

async function recordVerifiedPassword(
  context: AppContext,
  submitted: SubmittedPassword,
  compared: VerifiedPassword,
): Promise<PasswordRecordResult> {
  const { database, random, clock } = context;
  const { found, who, isRight, networks, now, typedNameSealed } = compared;
  const { sent, interactionId } = submitted;
  const interaction = hashInteractionId(context, interactionId);
  const identityId = found.isTemporary ? null : found.identityId;
  const right = { identityId, passwordAt: found.now, sessionUid: null, signedInAt: null, factors: PASSWORD };
  const former = submitted.secret === null ? null : hashHolder(context, interactionId, submitted.secret);
  const stored = await findRowOfHolder(context, submitted, found);
  const result = await recordPasswordAttempt(database, {
    subject: who.subject,
    lockoutPolicy: who.lockoutPolicy,
    isRight,
    form: sent.form,
    offsetMs: clock.offsetMs,
    notice:
      found.identityId === null
        ? null
        : {
            identityId: found.identityId,
            noticeId: random.uuid(),
            locked: 'password_locked',
            exhausted: who.isShared ? 'only_known_browsers' : null,
          },
    interaction,
    identityId,
    passwordHash: found.passwordHash,
    passwordAt: found.now,
    now,
    expiresAt: readInteractionExpiry(now),
    knownBrowser: who.knownBrowser !== null,
    challenge: submitted.requiredKinds.has('possession') ? drawChallengeForCard(context, found) : null,
    formerHolder: former,
    isHolder: stored !== null && isHeldByBrowser(context, interactionId, submitted.secret, stored),
    holder: sent.holder,
    macs: {
      right: makeSignInMac(context, interactionId, right, sent.holder),
      wrong: stored && remakeSignInMac(context, interactionId, stored, sent),
    },
    typedNameSealed,
    exhausted: who.exhausted,
    rightWithoutIdentity: found.isTemporary ? { kind: 'not_activated' } : null,
    unknownBrowsers: who.unknownBrowsers,
  });
  if (result.verdict === 'busy') return BUSY;
  const most = who.lockoutPolicy.inARow ?? Number.POSITIVE_INFINITY;
  if (result.verdict === 'wrong' && result.inARow >= most && found.identityId) {
    await forgetExhaustedOrigin(context, found.identityId, who);
  }
  if (result.verdict === 'wrong') recordSignInFailure(context, found.identityId, 'password');
  if (result.verdict === 'wrong' && !who.knownBrowser) queueWrongAttempt(database, networks, clock.offsetMs);
  if (result.isAccepted && identityId !== null && found.passwordHash !== null) {
    const password = cleanTypedPassword(submitted.password, false);
    rehashIfNeeded(context, { identityId, passwordHash: found.passwordHash, password });
  }
  if (result.verdict === 'again')
    return { kind: 'again', holds: await isHeldByForm(context, interactionId, sent) };
  const isChanged = result.verdict === 'right' && identityId !== null && !result.isAccepted;
  if (isChanged && result.isOutcomeRecorded) return { kind: 'changed', holds: true };
  return { kind: 'judged', holds: result.isOutcomeRecorded, ...toCookieOutcome(submitted, result) };
}

/**
 * Returns the row when a browser holds it: its facts stay after a wrong password, under a new MAC. A row
 * without a holder has no facts that would stay.
 */
async function findRowOfHolder(
  context: AppContext,
  { interactionId, secret }: SubmittedPassword,
  found: PasswordAttemptState,
): Promise<StoredSignIn | null> {
  if (found.holder === null && secret === null) return null;
  return await findSignIn(context.database, hashInteractionId(context, interactionId));
}

/** Without a row, or with one that another browser holds, the browser's cookie gets the outcome. */
function toCookieOutcome(
  { typedName }: SubmittedPassword,
  { isOutcomeRecorded, outcome }: Pick<PasswordAttemptResult, 'isOutcomeRecorded' | 'outcome'>,
): { cookieOutcome?: CookieOutcome } {
  return isOutcomeRecorded || !outcome
    ? {}
    : { cookieOutcome: { outcome, typedName: cleanNameForPage(typedName) } };
}

/**
 * Records the outcome of a form that was not verified: in the row, if this browser holds one, else in the
 * browser's cookie.
 */
async function recordUnverifiedPassword(
  context: AppContext,
  submitted: SubmittedPassword,
  { outcome, typedNameSealed, now }: { outcome: SignInOutcome; typedNameSealed: Buffer; now: Date },
): Promise<PasswordSubmissionResult> {
  const { interactionId, secret, sent } = submitted;
  const interaction = hashInteractionId(context, interactionId);
  if (secret === null)
    return {
      kind: 'judged',
      holds: false,
      ...toCookieOutcome(submitted, { isOutcomeRecorded: false, outcome }),
    };
  const stored = await findSignIn(context.database, interaction);
  const holds = await recordSignInOutcome(context.database, interaction, {
    outcome,
    typedNameSealed,
    now,
    expiresAt: readInteractionExpiry(now),
    formerHolder: hashHolder(context, interactionId, secret),
    holder: sent.holder,
    mac: stored && remakeSignInMac(context, interactionId, stored, sent),
  });
  return { kind: 'judged', holds, ...toCookieOutcome(submitted, { isOutcomeRecorded: holds, outcome }) };
}

/** Draws the challenge of the key page; it is saved with the right password, if the card has none. */
function drawChallengeForCard({ random }: AppContext, { cardWithoutChallenge: card }: PasswordAttemptState) {
  const position = card && drawChallenge(card.spent, random);
  return card && position !== null ? { cardId: card.id, position } : null;
}
