/** The handler of the form for a code token's code. */
import { readKnownBrowserCookies } from '../../../http/knownBrowserCookies.ts';
import { requireField } from '../../../http/forms.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { keepCompletion } from '../complete.ts';
import { prepareCompletion } from '../completionOfFactor.ts';
import { keepLastWay } from '../remember/lastWayCookie.ts';
import { readRelyingParty, resultOf, type StepResult, type Submission } from '../step.ts';
import { submitCode } from './submitCode.ts';

export async function submitCodeTokenForm(submission: Submission): Promise<StepResult> {
  const { deps, ctx, request, form, sent, secret } = submission;
  // A code is of no use where only a security key is.
  if (request.resistance !== null) return { next: 'same-page' };
  const { prepare, withdraw, findEnd } = prepareCompletion(submission);
  const answer = await submitCode(deps.context, {
    interactionId: request.id,
    clientId: request.clientId,
    at: readRelyingParty(request),
    sessionUid: request.stepUp?.sessionUid ?? null,
    code: requireField(form, 'code'),
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
  const isAccepted = answer.kind === 'answered' || answer.kind === 'signed_in';
  if (isAccepted) keepLastWay(ctx, deps.isSecure, answer.hadChoice ? 'code' : null);
  return resultOf(submission, answer, false);
}
