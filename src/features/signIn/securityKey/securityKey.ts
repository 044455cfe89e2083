/** The handler of the form with which a browser answers for a security key or a passkey. */
import { requireField } from '../../../http/forms.ts';
import { readKnownBrowserCookies } from '../../../http/knownBrowserCookies.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { keepCompletion } from '../complete.ts';
import { prepareCompletion } from '../completionOfFactor.ts';
import { keepLastWay } from '../remember/lastWayCookie.ts';
import { readRelyingParty, resultOf, type StepResult, type Submission } from '../step.ts';
import { isPageOf } from '../holder/holder.ts';
import { submitAssertion } from './submitSecurityKey.ts';
import { composeChallenge } from './webAuthnRequest.ts';

export const SECURITY_KEY_FACTORS = ['passkey', 'security_key', 'attested_key'] as const;

export async function submitSecurityKeyForm(submission: Submission): Promise<StepResult> {
  const { deps, ctx, request, form, sent, secret } = submission;
  const nonce = requireField(form, 'form');
  const { prepare, withdraw, findEnd } = prepareCompletion(submission);
  const answer = await submitAssertion(deps.context, {
    interactionId: request.id,
    clientId: request.clientId,
    at: readRelyingParty(request),
    sessionUid: request.stepUp?.sessionUid ?? null,
    credential: requireField(form, 'credential'),
    challenge: isPageOf(secret, nonce) ? composeChallenge(requireField(form, 'csrf'), nonce) : null,
    issuer: deps.issuer,
    requirement: request,
    ownBrowser: null,
    browsers: readKnownBrowserCookies(ctx, deps.isSecure),
    requestSource: readRequestSource(ctx),
    sent,
    secret,
    prepare,
  });
  if (answer.kind !== 'answered') withdraw();
  const end = findEnd();
  if (answer.kind === 'answered' && end) keepCompletion(submission, end);
  const { way, hadChoice } = answer;
  // Where a security key was required, there was no choice but to give it without user ID and password.
  if (way && (way === 'alone' || request.resistance === null))
    keepLastWay(ctx, deps.isSecure, hadChoice ? way : null);
  // When nothing else is asked after it, the response is already prepared.
  return resultOf(submission, answer, false);
}
