/**
 * Processes what a browser answered for a security key: read, verify, prepare, record. Nothing is counted,
 * because a signature cannot be guessed; a refused one of a person's own key is in their log. What the
 * verification accepts is accepted once, by the statement that records it (db/signIn/securityKeySignIns.ts).
 */
import { factorOf, type SecurityKeyFault } from '../../../domain/factors/securityKey.ts';
import {
  adaptToProofing,
  isResistant,
  isTwoFactor,
  kindsOf,
  resistanceOf,
  type Requirement,
} from '../../../domain/signIn/levels.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import type { AtRelyingParty } from '../../../domain/securityEvent.ts';
import { assertSecurityKeyBound } from '../../../db/factors/securityKeys.ts';
import {
  findSecurityKeyWithOwner,
  recordRefusedSecurityKey,
  recordSecurityKeySignIn,
  type FoundSecurityKey,
  type SecurityKeySignIn,
} from '../../../db/signIn/securityKeySignIns.ts';
import { findSignIn, recordSignInOutcome, type StoredSignIn } from '../../../db/signIn/signIns.ts';
import { recordSignInFailure, reportFailedStep, sealClientContext } from '../../authentication/index.ts';
import { hashInteractionId, isSignInOver, readInteractionExpiry, type AppContext } from '../../appContext.ts';
import {
  composeCompletionOfFactor,
  type PrepareResponse,
  type SubmittedFactor,
} from '../completionOfFactor.ts';
import {
  hashHolder,
  isHeldByBrowser,
  isSameHash,
  remakeSignInMac,
  type FormResult,
} from '../holder/holder.ts';
import { isHeldByForm } from '../holder/moveHolder.ts';
import { hasMatchingSession, hidePerson } from '../stepUpSession.ts';
import { hashAnswer, parseAssertion, verifyAssertion } from './verifyAssertion.ts';

export interface SubmittedAssertion extends SubmittedFactor {
  /** JSON, as the browser made it. */
  readonly credential: string;
  /** base64url, of the form; null for a page that was shown before this browser sent another form. */
  readonly challenge: string | null;
  readonly issuer: string;
  /** The session that a step-up raises in this browser; null without one. */
  readonly sessionUid: string | null;
  readonly requirement: Requirement;
  readonly at: AtRelyingParty;
  readonly prepare: PrepareResponse;
}

/** `answered`: the prepared response is committed. `signed_in`: something else is asked. */
export type AssertionResult = FormResult<'processed' | 'signed_in' | 'answered'> & {
  /** Set when it was accepted. */
  readonly way?: 'alone' | 'security-key';
  /** Set when it was accepted: the person could have given something else. */
  readonly hadChoice?: boolean;
};

const NOT_APPLICABLE = { kind: 'processed', holds: false } as const;

export async function submitAssertion(
  context: AppContext,
  submitted: SubmittedAssertion,
): Promise<AssertionResult> {
  const { database, clock } = context;
  const { interactionId, sent, secret } = submitted;
  const interaction = hashInteractionId(context, interactionId);
  // Before the first form there is no row, unless a session is raised.
  const isFirst = secret === null && submitted.sessionUid === null;
  const row = isFirst ? null : await findSignIn(database, interaction);
  if (row && isSameHash(row.holder, sent.holder)) return { kind: 'again', holds: true };
  if (row?.isAnswered) return { kind: 'again', holds: false };
  const isOver = row !== null && isSignInOver(row.stepAt, clock.now());
  if (isOver || (row && !isHeldByBrowser(context, interactionId, secret, row))) return NOT_APPLICABLE;
  const stored = row && !hasMatchingSession(row, submitted.sessionUid) ? hidePerson(row) : row;
  // One that has ended since has no identity: it begins again.
  if (stored?.identity && isTwoFactor(kindsOf(stored.factors))) return NOT_APPLICABLE;

  const found = await findKey(context, submitted, stored);
  const refuse = async (why: SecurityKeyFault): Promise<AssertionResult> => {
    // The first form, sent again after it was accepted: its counter has not grown since.
    if (isFirst && (await isHeldByForm(context, interactionId, sent))) return { kind: 'again', holds: true };
    return await refuseAssertion(context, submitted, { stored, found, why });
  };
  if (found === 'malformed' || found === null) return await refuse(found ?? 'not_accepted');
  const { key, signIn, assertion } = found;
  const now = new Date(signIn.now.getTime() + clock.offsetMs);
  const { challenge, issuer } = submitted;
  if (challenge === null) return await refuse('not_accepted');
  const verified = await verifyAssertion(assertion, { key, challenge, issuer });
  if ('why' in verified) return await refuse(verified.why);
  if (key.countsFrom > now) return await refuse('waiting');
  const factor = factorOf(key);
  const { identity } = signIn;
  const { resistance } = identity
    ? adaptToProofing(submitted.requirement, identity.proofing)
    : submitted.requirement;
  if (!isResistant(resistanceOf(new Set([factor])), resistance)) return await refuse('not_accepted');

  const isOnly = signIn.passwordAt === null;
  const answer = await submitted.prepare({ stored: signIn, signedInAt: signIn.now, factor });
  const { identityId } = key;
  const challengeHash = hashAnswer(challenge);
  if (answer && 'refusal' in answer) {
    const { refusal } = answer;
    if (!isOnly || refusal === null) return NOT_APPLICABLE;
    const seen = sealClientContext(context.keyring, signIn.logSalt, submitted.requestSource);
    const event = { clientId: submitted.clientId, factor, only: true, refusal, ...seen };
    await recordRefusedSecurityKey(database, { challenge: challengeHash, identityId, details: event });
    return await recordOutcome(context, submitted, stored, { kind: 'refused', refusal });
  }
  const details = { factor, ...(isOnly ? { only: true } : {}) };
  const completed = { identityId, stored: signIn, factor, answer, now, details };
  const attempt = {
    ...composeCompletionOfFactor(context, submitted, completed),
    ...(isOnly ? { wasKnown: true } : {}),
    key,
    factor,
    challenge: challengeHash,
    ...verified,
  };
  const result = await recordSignIn(context, attempt, isOnly);
  if (!result.spent) {
    const holds = result.isOutcomeRecorded;
    // The same form, sent again before its answer came.
    if (!holds && (await isHeldByForm(context, interactionId, sent))) return { kind: 'again', holds: true };
    return { kind: 'processed', holds, ...asRefused(isOnly) };
  }
  context.report({ kind: 'step_accepted', step: 'security_key', identityId, ...submitted.at });
  // In its place user ID and password could always have been given.
  const hadChoice = isOnly || signIn.card !== null || signIn.codeToken !== null;
  const way = isOnly ? 'alone' : 'security-key';
  return { kind: answer ? 'answered' : 'signed_in', holds: true, way, hadChoice };
}

type FoundAssertion = FoundSecurityKey & {
  readonly assertion: NonNullable<ReturnType<typeof parseAssertion>>;
};

/**
 * The key of the answer, with the sign-in in which it is given. After a password it is one of that person's;
 * before, it says who the person is.
 */
async function findKey(
  context: AppContext,
  { credential, interactionId }: SubmittedAssertion,
  stored: StoredSignIn | null,
): Promise<FoundAssertion | 'malformed' | null> {
  const assertion = parseAssertion(credential);
  if (!assertion) return 'malformed';
  const credentialId = Buffer.from(assertion.id, 'base64url');
  if (stored?.identity) {
    const key = stored.securityKeys.find((one) => one.credentialId.equals(credentialId));
    if (!key) return null;
    assertSecurityKeyBound(context.database, key);
    return { key, signIn: stored, assertion };
  }
  const interaction = hashInteractionId(context, interactionId);
  const begun = { interaction, now: context.clock.now() };
  const found = await findSecurityKeyWithOwner(context.database, credentialId, begun);
  return found && { ...found, assertion };
}

/** The session of another person who was signed in with this browser ends in the same transaction. */
async function recordSignIn({ database }: AppContext, signIn: SecurityKeySignIn, isOnly: boolean) {
  return (signIn.answer?.additionalStatements.length ?? 0) > 0
    ? await database.transaction(async (db) => await recordSecurityKeySignIn(db, signIn, isOnly))
    : await recordSecurityKeySignIn(database, signIn, isOnly);
}

interface RefusedAssertion {
  readonly stored: StoredSignIn | null;
  readonly found: FoundAssertion | 'malformed' | null;
  readonly why: SecurityKeyFault;
}

async function refuseAssertion(
  context: AppContext,
  submitted: SubmittedAssertion,
  { stored, found, why }: RefusedAssertion,
): Promise<AssertionResult> {
  const identityId = found === 'malformed' ? null : (found?.key.identityId ?? null);
  reportFailedStep(context, { step: 'security_key', identityId, at: submitted.at }, 'wrong');
  // Anyone may send one that is not a person's own, or not signed by it; of these the log says nothing.
  if (identityId !== null && (stored?.identity || why !== 'not_accepted'))
    recordSignInFailure(context, identityId, 'security_key');
  return await recordOutcome(context, submitted, stored, { kind: 'security_key_refused', why });
}

/** The next page says it. Without a row, the browser's cookie does. */
async function recordOutcome(
  context: AppContext,
  { interactionId, sent, secret }: SubmittedAssertion,
  stored: StoredSignIn | null,
  outcome: SignInOutcome,
): Promise<AssertionResult> {
  if (!stored) return { kind: 'processed', holds: false, cookieOutcome: { outcome, typedName: '' } };
  const now = new Date(stored.now.getTime() + context.clock.offsetMs);
  const holds = await recordSignInOutcome(context.database, hashInteractionId(context, interactionId), {
    outcome,
    typedNameSealed: null,
    now,
    expiresAt: readInteractionExpiry(now),
    formerHolder: secret === null ? null : hashHolder(context, interactionId, secret),
    holder: sent.holder,
    mac: remakeSignInMac(context, interactionId, stored, sent),
  });
  return { kind: 'processed', holds };
}

function asRefused(isOnly: boolean): Pick<AssertionResult, 'cookieOutcome'> {
  const outcome = { kind: 'security_key_refused', why: 'not_accepted' } as const;
  return isOnly ? { cookieOutcome: { outcome, typedName: '' } } : {};
}
