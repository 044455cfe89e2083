/** The password page's form. */
import { isTwoFactor } from '../../core/levels.ts';
import { givePassword } from '../../usecases/signIn/givePassword.ts';
import { readBrowserCookies } from '../browserCookie.ts';
import { field } from '../forms.ts';
import { connectionSignal } from '../protocol/connection.ts';
import { resultOf, type StepResult, type Submission } from './step.ts';

export async function takePassword(submission: Submission): Promise<StepResult> {
  const { deps, ctx, request, form, sent, secret } = submission;
  const { requiredKinds } = request;
  const answer = await givePassword(deps.world, {
    interactionId: request.id,
    typedName: field(form, 'userId'),
    password: field(form, 'password'),
    address: ctx.ip,
    browsers: readBrowserCookies(ctx, deps.isSecure),
    requiredKinds,
    sent,
    secret,
    signal: connectionSignal(ctx),
  });
  // One that a second factor follows ends nothing.
  return resultOf(submission, answer, !isTwoFactor(requiredKinds));
}
