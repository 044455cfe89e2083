/**
 * What follows a step. When nothing else is asked, the provider makes its response in the exchange of the
 * form that ends the sign-in; everything else returns to the dispatcher by 303.
 */
import { keepCancellation, keepCompletion } from './complete.ts';
import { sendOver } from './over/sendOver.ts';
import { findStoredAnswer, sealAnswer } from './holder/storedAnswer.ts';
import { showSignIn, signInWithPassword } from './showSignIn.ts';
import { readRequestSource } from '../../http/middleware.ts';
import { redirectWithGet } from '../../ui/page.ts';
import { setHolderCookie } from './holder/holderCookie.ts';
import type { StepResult, Submission } from './step.ts';
import { setOutcomeCookie } from './holder/signInOutcomeCookie.ts';

export async function respond(submission: Submission, result: StepResult): Promise<void> {
  const { ctx } = submission;
  switch (result.next) {
    case 'page':
      return redirectToPage(submission, result);
    case 'same-page':
      return redirectWithGet(ctx, ctx.path);
    case 'resume':
      return await resumeProvider(submission, result.secret);
    case 'end':
      return await endRequest(submission, result.secret, keepCancellation);
    case 'repeat':
      await repeatAnswer(submission, result.holds);
      return await result.afterwards?.();
    case 'answered':
  }
}

/** The step of a form that only continues. */
export function resumeRequest({ secret }: Submission): Promise<StepResult> {
  return Promise.resolve({ next: 'resume', secret });
}

function redirectToPage(
  { deps, ctx, request, sent }: Submission,
  { holds, cookieOutcome }: Pick<StepResult & { next: 'page' }, 'holds' | 'cookieOutcome'>,
): void {
  if (holds) setHolderCookie(ctx, request.id, deps.isSecure, sent.secret);
  setOutcomeCookie(deps, ctx, request.id, cookieOutcome ?? null);
  redirectWithGet(ctx, ctx.path);
}

/**
 * When nothing else is asked, the provider responds, and there is nothing left to hold.
 * @param secret under which this browser holds the row
 */
async function resumeProvider(submission: Submission, secret: string | null): Promise<void> {
  const { deps, ctx, request, sent } = submission;
  const { context, interactions } = deps;
  let shown = await showSignIn(context, request, secret);
  if (shown.page === 'password-enough') {
    await signInWithPassword(context, request, secret, readRequestSource(ctx));
    shown = await showSignIn(context, request, secret);
  }
  if (shown.page === 'expired') return await repeatAnswer(submission, false);
  if (shown.page !== 'done') return redirectToPage(submission, { holds: secret === sent.secret });
  const { passwordAt, signedInAt } = shown;
  if (request.signIn && passwordAt && signedInAt) {
    await interactions.signIn(ctx, request, { ...shown, passwordAt, signedInAt });
  } else await interactions.resume(request);
  await endRequest(submission, secret, (over) => keepCompletion(over, shown));
}

/**
 * Ends the request with the provider's response, which is stored for the same form while this browser can be
 * recognised. Exactly one of two concurrent forms ends it: the other one gets the stored response, if it is
 * the same form.
 */
async function endRequest(
  submission: Submission,
  secret: string | null,
  keepEnd: (submission: Submission) => void,
): Promise<void> {
  const { deps, ctx, next, request, sent } = submission;
  const { context, interactions } = deps;
  const seal = (answer: object) => sealAnswer(context, request.id, secret ?? sent.secret, answer);
  const holder = secret === null ? sent.holder : null;
  if (await interactions.answer(ctx, next, { request, seal, holder })) return keepEnd(submission);
  await repeatAnswer(submission, false);
}

/**
 * Repeats the answer to a form that was processed before, while it may be given; else the dispatcher shows
 * the next page.
 * @param holds this browser holds the row by that form
 */
async function repeatAnswer(submission: Submission, holds: boolean): Promise<void> {
  const { deps, ctx, request, sent, secret } = submission;
  const stored = await findStoredAnswer(deps.context, request.id, [sent.secret, secret]);
  // The request that sent the form first has not prepared its response yet: the faster one does.
  if (stored === 'waiting' && holds) return await resumeProvider(submission, sent.secret);
  if (stored === 'waiting') return redirectToPage(submission, { holds: false });
  if (stored === 'over') return await sendOver(deps, ctx, 'ended');
  deps.interactions.sendStored(ctx, stored.json);
  const { identity, factors } = stored.stored;
  const location = URL.parse(ctx.response.get('Location'));
  if (identity && location?.searchParams.has('code')) keepCompletion(submission, { identity, factors });
  else keepCancellation(submission);
}
