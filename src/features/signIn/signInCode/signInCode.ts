/**
 * The forms of a lock that only a code opens: one orders a code, the other enters it. They give no factor.
 */
import { isTwoFactor } from '../../../domain/signIn/levels.ts';
import { submitSignInCode, type SubmittedSignInCode } from './submitSignInCode.ts';
import { requireField, type PostedForm } from '../../../http/forms.ts';
import { HttpError } from '../../../ui/httpError.ts';
import { readRelyingParty, resultOf, type StepResult, type Submission } from '../step.ts';
import { readOutcomeCookie } from '../holder/signInOutcomeCookie.ts';

export async function submitSignInCodeForm(submission: Submission): Promise<StepResult> {
  const { deps, ctx, request, form, sent, secret } = submission;
  const answer = await submitSignInCode(deps.context, {
    interactionId: request.id,
    at: readRelyingParty(request),
    asks: readCodeOrder(form),
    code: form.has('send') ? '' : requireField(form, 'code'),
    address: ctx.ip,
    sent,
    secret,
    cookieOutcome: readOutcomeCookie(deps, ctx, request.id),
  });
  return resultOf(submission, answer, !isTwoFactor(request.requiredKinds));
}

/** @throws HttpError (400) */
function readCodeOrder(form: PostedForm): SubmittedSignInCode['asks'] {
  const order = form.get('send') ?? null;
  if (order === null || order === 'code' || order === 'code_by_letter') return order;
  throw new HttpError(400, 'bad_form');
}
