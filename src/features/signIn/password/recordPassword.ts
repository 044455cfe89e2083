/**
 * Saves the outcome of a submitted password: the attempt with its consequences after a comparison, or the
 * reason why nothing was compared.
 */
import { cleanNameForPage } from '../../../domain/input/nameAndPassword.ts';
import { drawChallenge } from '../../../domain/card/keyCard.ts';
import { PASSWORD, type FactorKinds } from '../../../domain/signIn/levels.ts';
import { cleanTypedPassword } from '../../../domain/signIn/password.ts';
import type { AtRelyingParty } from '../../../domain/securityEvent.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import { queueWrongAttempt, type NetworkBucket } from '../../../db/signIn/networkLevels.ts';
import type { PasswordAttemptState } from '../../../db/signIn/passwordReads.ts';
import { recordPasswordAttempt, type PasswordAttemptResult } from './passwordAttempts.queries.ts';
import { findSignIn, recordSignInOutcome, type StoredSignIn } from '../../../db/signIn/signIns.ts';
import {
  forgetExhaustedOrigin,
  type PasswordBudget,
  recordSignInFailure,
  reportAttempt,
  rehashIfNeeded,
  sealPasswordContext,
} from '../../authentication/index.ts';
import { readInteractionExpiry, hashInteractionId, type AppContext } from '../../appContext.ts';
import {
  remakeSignInMac,
  BUSY,
  hashHolder,
  isHeldByBrowser,
  makeSignInMac,
  type FormResult,
  type SubmittedForm,
} from '../holder/holder.ts';
import { isHeldByForm } from '../holder/moveHolder.ts';
import type { CookieOutcome } from '../holder/outcomeOfCookie.ts';

export interface SubmittedPassword {
  readonly interactionId: string;
  readonly typedName: string;
  readonly password: string;
  /** The client's network address, as the middleware determined it. */
  readonly address: string;
  /** The header by which the browser names itself. */
  readonly userAgent: string;
  /** Values of the known-browser cookies. */
  readonly browsers: readonly string[];
  /** The kinds of factor that the sign-in requires: a card's key may be asked for after the password. */
  readonly requiredKinds: FactorKinds;
  readonly at: AtRelyingParty;
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
export type PasswordSubmissionResult = FormResult<'processed' | 'slowed'>;

export type PasswordRecordResult =
  | PasswordSubmissionResult
  | { readonly kind: 'changed'; readonly holds: boolean };

export interface VerifiedPassword {
  readonly found: PasswordAttemptState;
  readonly budget: PasswordBudget;
  readonly isRight: boolean;
  readonly networks: readonly NetworkBucket[];
  readonly now: Date;
  readonly typedNameSealed: Buffer;
}

export async function recordVerifiedPassword(
  context: AppContext,
  submitted: SubmittedPassword,
  verified: VerifiedPassword,
): Promise<PasswordRecordResult> {
  const { database, random, clock } = context;
  const { found, budget, isRight, networks, now, typedNameSealed } = verified;
  const { sent, interactionId } = submitted;
  const interaction = hashInteractionId(context, interactionId);
  const identityId = found.isTemporary ? null : found.identityId;
  const right = { identityId, passwordAt: found.now, sessionUid: null, signedInAt: null, factors: PASSWORD };
  const formerHolder =
    submitted.secret === null ? null : hashHolder(context, interactionId, submitted.secret);
  const stored = await findRowOfHolder(context, submitted, found);
  const result = await recordPasswordAttempt(database, {
    subject: budget.subject,
    lockoutPolicy: budget.lockoutPolicy,
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
            exhausted: budget.isShared ? 'only_known_browsers' : null,
          },
    interaction,
    identityId,
    passwordHash: found.passwordHash,
    passwordAt: found.now,
    now,
    expiresAt: readInteractionExpiry(now),
    knownBrowser: budget.knownBrowser !== null,
    challenge: submitted.requiredKinds.has('possession') ? drawChallengeForCard(context, found) : null,
    formerHolder,
    isHolder: stored !== null && isHeldByBrowser(context, interactionId, submitted.secret, stored),
    holder: sent.holder,
    macs: {
      right: makeSignInMac(context, interactionId, right, sent.holder),
      wrong: stored && remakeSignInMac(context, interactionId, stored, sent),
    },
    typedNameSealed,
    contextSealed:
      isRight && identityId !== null && budget.knownBrowser === null
        ? sealPasswordContext(context.keyring, { identityId, interaction }, submitted)
        : null,
    exhausted: budget.exhausted,
    rightWithoutIdentity: found.isTemporary ? { kind: 'not_activated' } : null,
    unknownBrowsers: budget.unknownBrowsers,
  });
  const step = { step: 'password', identityId: found.identityId, at: submitted.at } as const;
  reportAttempt(context, step, result, budget.lockoutPolicy);
  if (result.verdict === 'right' && (result.isAccepted || identityId === null))
    context.report({
      kind: 'step_accepted',
      step: 'password',
      identityId: found.identityId,
      ...submitted.at,
    });
  if (result.verdict === 'busy') return BUSY;
  const maxInARow = budget.lockoutPolicy.inARow ?? Number.POSITIVE_INFINITY;
  if (result.verdict === 'wrong' && result.inARow >= maxInARow && found.identityId) {
    await forgetExhaustedOrigin(context, found.identityId, budget);
  }
  if (result.verdict === 'wrong') recordSignInFailure(context, found.identityId, 'password');
  if (result.verdict === 'wrong' && !budget.knownBrowser)
    queueWrongAttempt(database, networks, clock.offsetMs);
  if (result.isAccepted && identityId !== null && found.passwordHash !== null) {
    const password = cleanTypedPassword(submitted.password, false);
    rehashIfNeeded(context, { identityId, passwordHash: found.passwordHash, password });
  }
  if (result.verdict === 'again')
    return { kind: 'again', holds: await isHeldByForm(context, interactionId, sent) };
  const isChanged = result.verdict === 'right' && identityId !== null && !result.isAccepted;
  if (isChanged && result.isOutcomeRecorded) return { kind: 'changed', holds: true };
  return { kind: 'processed', holds: result.isOutcomeRecorded, ...toCookieOutcome(submitted, result) };
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
export async function recordUnverifiedPassword(
  context: AppContext,
  submitted: SubmittedPassword,
  { outcome, typedNameSealed, now }: { outcome: SignInOutcome; typedNameSealed: Buffer; now: Date },
): Promise<PasswordSubmissionResult> {
  const { interactionId, secret, sent } = submitted;
  const interaction = hashInteractionId(context, interactionId);
  if (secret === null)
    return {
      kind: 'processed',
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
  return { kind: 'processed', holds, ...toCookieOutcome(submitted, { isOutcomeRecorded: holds, outcome }) };
}

/** Draws the challenge of the key page; it is saved with the right password, if the card has none. */
function drawChallengeForCard({ random }: AppContext, { cardWithoutChallenge: card }: PasswordAttemptState) {
  const position = card && drawChallenge(card.spent, random);
  return card && position !== null ? { cardId: card.id, position } : null;
}
