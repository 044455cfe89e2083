/** The end of a sign-in: the provider makes the answer within the exchange of the form that ends it. */
import { findKeptAnswer, sealAnswer } from '../../usecases/signIn/keptAnswer.ts';
import { showSignIn, signInWithPassword } from '../../usecases/signIn/showSignIn.ts';
import type { UnjudgedForm } from '../../usecases/signIn/unjudgedForm.ts';
import { visitOf } from '../door.ts';
import { setHolderCookie } from './holderCookie.ts';
import type { Sending } from './loginRequest.ts';
import { seeOther } from '../page.ts';
import { Trouble } from '../trouble.ts';
import { keepUnjudged } from './unjudgedCookie.ts';

/**
 * Back to the dispatcher.
 * @param holds this browser holds the row by the form that it sent
 * @param unjudged what the browser carries there of that form, if it left nothing else
 */
export function lead(
  { login, ctx, request, sent }: Sending,
  holds: boolean,
  unjudged: UnjudgedForm | null = null,
): void {
  if (holds) setHolderCookie(ctx, request.id, login.isSecure, sent.secret);
  keepUnjudged(login, ctx, request.id, unjudged);
  seeOther(ctx, ctx.path);
}

/**
 * Where nothing else is asked, the provider answers now, and nothing is left to hold; otherwise the dispatcher shows what is next.
 * @param secret by which this browser holds the row
 */
export async function goOn(sending: Sending, secret: string | null): Promise<void> {
  const { login, ctx, request, sent } = sending;
  const { world, interactions } = login;
  let shown = await showSignIn(world, request, secret);
  if (shown.page === 'password-enough') {
    await signInWithPassword(world, request, secret, visitOf(ctx));
    shown = await showSignIn(world, request, secret);
  }
  if (shown.page === 'expired') return await repeatAnswer(sending);
  if (shown.page !== 'done') return lead(sending, secret === sent.secret);
  const { passwordAt, signedInAt } = shown;
  if (request.signIn && passwordAt && signedInAt) {
    await interactions.signIn(ctx, request, { ...shown, passwordAt, signedInAt });
  } else await interactions.resume(request);
  await end(sending, secret);
}

/**
 * The provider's answer ends the request; it is kept for the same form while this browser can be known again. Of two that end it
 * at the same moment one does: the other gets the answer that was kept, if it is the same form.
 */
export async function end(sending: Sending, secret: string | null): Promise<void> {
  const { login, ctx, next, request, sent } = sending;
  const { world, interactions } = login;
  const seal = (answer: object) => sealAnswer(world, request.id, secret ?? sent.secret, answer);
  const holder = secret === null ? sent.holder : null;
  if (!(await interactions.answer(ctx, next, { request, seal, holder }))) await repeatAnswer(sending);
}

/**
 * The form was judged before: its answer again, while that may be given; else the dispatcher shows what is next.
 * @param holds this browser holds the row by that form
 */
export async function repeatAnswer(sending: Sending, holds = false): Promise<void> {
  const { login, request, sent, secret } = sending;
  const kept = await findKeptAnswer(login.world, request.id, [sent.secret, secret]);
  // The request that came with it first has not made its answer yet: whichever is faster does.
  if (kept === 'waiting' && holds) return await goOn(sending, sent.secret);
  if (kept === 'waiting') return lead(sending, false);
  if (kept === 'over') throw new Trouble(400, 'answered');
  login.interactions.sendKept(sending.ctx, kept.json);
}
