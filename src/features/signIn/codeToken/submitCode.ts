/**
 * Processes a code: read, prepare, compare, record, as a key of the card
 * (docs/decisions/0017-the-sign-in.md). The code of the last sign-in, given again, is refused and not
 * counted: a person who signs in at two places within half a minute has no other.
 */
import { parseCode, type CodeMatch } from '../../../domain/factors/codeToken.ts';
import { listCountingKeys } from '../../../domain/factors/securityKey.ts';
import { isTwoFactor, kindsOf } from '../../../domain/signIn/levels.ts';
import type { AtRelyingParty } from '../../../domain/securityEvent.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import { DatabaseUnavailable } from '../../../db/database.ts';
import { assertCodeTokenBound, type StoredCodeToken } from '../../../db/factors/codeTokens.ts';
import { recordCodeAttempt, type CodeAttempt } from '../../../db/signIn/codeAttempts.ts';
import type { CompletionResult } from '../../../db/signIn/completion.ts';
import { findSignIn, recordSignInOutcome, type StoredSignIn } from '../../../db/signIn/signIns.ts';
import {
  blockExhaustedCard,
  prepareSharedAttempt,
  recordSignInFailure,
  reportAttempt,
} from '../../authentication/index.ts';
import { matchTypedCode } from '../../codeTokens/index.ts';
import { hashInteractionId, isSignInOver, readInteractionExpiry, type AppContext } from '../../appContext.ts';
import {
  composeCompletionOfFactor,
  type PrepareResponse,
  type SubmittedFactor,
} from '../completionOfFactor.ts';
import {
  BUSY,
  hashHolder,
  isHeldByBrowser,
  isSameHash,
  makeSignInMac,
  type FormResult,
} from '../holder/holder.ts';
import { isHeldByForm } from '../holder/moveHolder.ts';
import { hasMatchingSession } from '../stepUpSession.ts';

export interface SubmittedCode extends SubmittedFactor {
  /** As it was typed. */
  readonly code: string;
  /** The session that a step-up raises in this browser; null without one. */
  readonly sessionUid: string | null;
  readonly at: AtRelyingParty;
  readonly prepare: PrepareResponse;
}

/** `answered`: the prepared response is committed. `signed_in`: something else is asked. */
export type CodeSubmissionResult = FormResult<'processed' | 'signed_in' | 'answered'> & {
  /** The person could have given a key or a security key in its place. */
  readonly hadChoice?: boolean;
};

const NOT_APPLICABLE = { kind: 'processed', holds: false } as const;

export async function submitCode(
  context: AppContext,
  submitted: SubmittedCode,
): Promise<CodeSubmissionResult> {
  const { database, clock } = context;
  const { interactionId, sent, secret } = submitted;
  const interaction = hashInteractionId(context, interactionId);
  const stored = await findSignIn(database, interaction);
  if (stored && isSameHash(stored.holder, sent.holder)) return { kind: 'again', holds: true };
  if (stored?.isAnswered) return { kind: 'again', holds: false };
  if (!stored?.identity || isTwoFactor(kindsOf(stored.factors))) return NOT_APPLICABLE;
  const now = new Date(stored.now.getTime() + clock.offsetMs);
  if (isSignInOver(stored.stepAt, now) || !isHeldByBrowser(context, interactionId, secret, stored))
    return NOT_APPLICABLE;
  if (!hasMatchingSession(stored, submitted.sessionUid)) return NOT_APPLICABLE;
  const { codeToken: token } = stored;
  // It was blocked since the page was shown; the next one says what is left.
  if (!token) return NOT_APPLICABLE;
  assertCodeTokenBound(database, token);
  const recordOutcome = async (outcome: SignInOutcome) => {
    const holds = await recordSignInOutcome(database, interaction, {
      outcome,
      typedNameSealed: null,
      now,
      expiresAt: readInteractionExpiry(now),
      formerHolder: secret === null ? null : hashHolder(context, interactionId, secret),
      holder: sent.holder,
      mac: makeSignInMac(context, interactionId, stored.facts, sent.holder),
    });
    return { kind: 'processed', holds } as const;
  };
  if (parseCode(submitted.code, token.digits) === null)
    return await recordOutcome({ kind: 'malformed_code', digits: token.digits });
  const identityId = stored.identity.id;
  const prepared = await prepareSharedAttempt(
    context,
    {
      identityId,
      card: stored.card,
      form: sent.form,
      failure: 'code_token',
      step: 'code_token',
      at: submitted.at,
    },
    { ...stored.keyTries, now: stored.now },
  );
  if (prepared === 'busy') return BUSY;
  if ('kind' in prepared) return await recordOutcome(prepared);
  const answer = await submitted.prepare({ stored, signedInAt: stored.now, factor: 'code_token' });
  if (answer && 'refusal' in answer) return NOT_APPLICABLE;
  const match = matchTypedCode(context, token, submitted.code);
  if (match.kind === 'spent') return await recordOutcome({ kind: 'code_spent' });
  const details = { factor: 'code_token', serialNumber: token.serialNumber };
  const completed = { identityId, stored, factor: 'code_token', answer, now, details } as const;
  const attempt = {
    ...prepared.attempt,
    ...composeCompletionOfFactor(context, submitted, completed),
    ...composeMatch(token, match),
    notice: prepared.notice,
    exhausted: { kind: 'card_blocked' },
  };
  const result = await recordOrForget(context, attempt);
  if (result === 'unknown') return { kind: 'again', holds: false };
  reportAttempt(context, prepared.step, result, prepared.attempt.lockoutPolicy);
  if (result.verdict === 'again')
    return { kind: 'again', holds: await isHeldByForm(context, interactionId, sent) };
  if (result.verdict === 'busy') return BUSY;
  const holds = result.isOutcomeRecorded;
  if (result.spent) {
    context.report({ kind: 'step_accepted', step: 'code_token', identityId, ...submitted.at });
    const hadChoice = stored.card !== null || listCountingKeys(stored.securityKeys, now).length > 0;
    return { kind: answer ? 'answered' : 'signed_in', holds, hadChoice };
  }
  if (result.verdict === 'wrong')
    await handleWrongCode(context, stored, result, prepared.attempt.lockoutPolicy.inARow);
  return { kind: 'processed', holds };
}

function composeMatch(
  { id: tokenId }: StoredCodeToken,
  match: Exclude<CodeMatch, { readonly kind: 'spent' }>,
): Pick<CodeAttempt, 'tokenId' | 'code' | 'wrongKind' | 'isRight'> {
  if (match.kind === 'right') return { tokenId, code: match.code, wrongKind: 'wrong', isRight: true };
  return { tokenId, code: null, wrongKind: match.kind, isRight: false };
}

/**
 * A connection that was lost during the commit leaves the outcome unknown. No code has to be invalidated: its
 * step was accepted or will pass, and the same form finds the response if it was.
 */
async function recordOrForget(
  { database }: AppContext,
  attempt: CodeAttempt,
): Promise<CompletionResult | 'unknown'> {
  try {
    return (attempt.answer?.additionalStatements.length ?? 0) > 0
      ? await database.transaction(async (db) => await recordCodeAttempt(db, attempt))
      : await recordCodeAttempt(database, attempt);
  } catch (error) {
    if (error instanceof DatabaseUnavailable && error.isUnknown) return 'unknown';
    throw error;
  }
}

async function handleWrongCode(
  context: AppContext,
  { identity, card }: StoredSignIn,
  { inARow }: CompletionResult,
  most: number | null,
): Promise<void> {
  if (!identity) return;
  recordSignInFailure(context, identity.id, 'code_token');
  if (inARow >= (most ?? Number.POSITIVE_INFINITY)) await blockExhaustedCard(context, identity.id, card);
}
