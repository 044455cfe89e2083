/** The handler of the password page's form. */
import { isTwoFactor } from '../../../domain/signIn/levels.ts';
import { submitPassword } from './submitPassword.ts';
import { readKnownBrowserCookies } from '../../../http/knownBrowserCookies.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { keepRememberTick } from '../remember/rememberCookies.ts';
import { requireField } from '../../../http/forms.ts';
import { createConnectionSignal } from '../../../http/connection.ts';
import { readRelyingParty, resultOf, type StepResult, type Submission } from '../step.ts';

export async function submitPasswordForm(submission: Submission): Promise<StepResult> {
  const { deps, ctx, request, form, sent, secret } = submission;
  const { requiredKinds } = request;
  const answer = await submitPassword(deps.context, {
    interactionId: request.id,
    typedName: requireField(form, 'userId'),
    password: requireField(form, 'password'),
    ...readRequestSource(ctx),
    browsers: readKnownBrowserCookies(ctx, deps.isSecure),
    requiredKinds,
    at: readRelyingParty(request),
    sent,
    secret,
    signal: createConnectionSignal(ctx),
  });
  keepRememberTick(deps, ctx, request.id, form.has('rememberUserId'));
  // A password that a second factor follows does not end the sign-in.
  return resultOf(submission, answer, !isTwoFactor(requiredKinds));
}
