/**
 * What follows a step. Where nothing else is asked, the provider makes the answer within the exchange of the
 * form that ends the sign-in; everything else leads back to the dispatcher by 303.
 */
import { findKeptAnswer, sealAnswer } from '../../usecases/signIn/keptAnswer.ts';
import { showSignIn, signInWithPassword } from '../../usecases/signIn/showSignIn.ts';
import { visitOf } from '../door.ts';
import { seeOther } from '../page.ts';
import { Trouble } from '../trouble.ts';
import { setHolderCookie } from './holderCookie.ts';
import type { StepResult, Submission } from './step.ts';
import { keepUnjudged } from './unjudgedCookie.ts';

export async function respond(submission: Submission, result: StepResult): Promise<void> {
  const { ctx } = submission;
  switch (result.next) {
    case 'page':
      return redirectToPage(submission, result);
    case 'same-page':
      return seeOther(ctx, ctx.path);
    case 'resume':
      return await resume(submission, result.secret);
    case 'end':
      return await end(submission, result.secret);
    case 'repeat':
      await repeatAnswer(submission, result.holds);
      return await result.afterwards?.();
    case 'answered':
  }
}

/** The step of a form that only goes on. */
export function resumeRequest({ secret }: Submission): Promise<StepResult> {
  return Promise.resolve({ next: 'resume', secret });
}

function redirectToPage(
  { deps, ctx, request, sent }: Submission,
  { holds, unjudged }: Pick<StepResult & { next: 'page' }, 'holds' | 'unjudged'>,
): void {
  if (holds) setHolderCookie(ctx, request.id, deps.isSecure, sent.secret);
  keepUnjudged(deps, ctx, request.id, unjudged ?? null);
  seeOther(ctx, ctx.path);
}

/**
 * Where nothing else is asked, the provider answers now, and nothing is left to hold.
 * @param secret by which this browser holds the row
 */
async function resume(submission: Submission, secret: string | null): Promise<void> {
  const { deps, ctx, request, sent } = submission;
  const { world, interactions } = deps;
  let shown = await showSignIn(world, request, secret);
  if (shown.page === 'password-enough') {
    await signInWithPassword(world, request, secret, visitOf(ctx));
    shown = await showSignIn(world, request, secret);
  }
  if (shown.page === 'expired') return await repeatAnswer(submission, false);
  if (shown.page !== 'done') return redirectToPage(submission, { holds: secret === sent.secret });
  const { passwordAt, signedInAt } = shown;
  if (request.signIn && passwordAt && signedInAt) {
    await interactions.signIn(ctx, request, { ...shown, passwordAt, signedInAt });
  } else await interactions.resume(request);
  await end(submission, secret);
}

/**
 * The provider's answer ends the request; it is kept for the same form while this browser can be known again.
 * Of two that end it at the same moment one does: the other gets the kept answer, if it is the same form.
 */
async function end(submission: Submission, secret: string | null): Promise<void> {
  const { deps, ctx, next, request, sent } = submission;
  const { world, interactions } = deps;
  const seal = (answer: object) => sealAnswer(world, request.id, secret ?? sent.secret, answer);
  const holder = secret === null ? sent.holder : null;
  if (!(await interactions.answer(ctx, next, { request, seal, holder })))
    await repeatAnswer(submission, false);
}

/**
 * The form was judged before: its answer again, while that may be given; else the dispatcher shows what is
 * next.
 * @param holds this browser holds the row by that form
 */
async function repeatAnswer(submission: Submission, holds: boolean): Promise<void> {
  const { deps, ctx, request, sent, secret } = submission;
  const kept = await findKeptAnswer(deps.world, request.id, [sent.secret, secret]);
  // The request that came with it first has not made its answer yet: whichever is faster does.
  if (kept === 'waiting' && holds) return await resume(submission, sent.secret);
  if (kept === 'waiting') return redirectToPage(submission, { holds: false });
  if (kept === 'over') throw new Trouble(400, 'answered');
  deps.interactions.sendKept(ctx, kept.json);
}
