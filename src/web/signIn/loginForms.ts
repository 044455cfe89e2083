/**
 * The forms of a sign-in. A judged form changes the holder's secret; the one that ends the sign-in is answered with what the
 * provider made, in this very exchange. Everything else leads back to the dispatcher (login.tsx) with 303.
 */
import type { Context, Next } from 'koa';
import { drawSecret } from '../../core/dice.ts';
import type { PendingRequest } from '../../oidc/signIn/pendingRequest.ts';
import { readSentForm } from '../../usecases/signIn/holder.ts';
import { field, type Form } from '../forms.ts';
import { readHolderCookie } from './holderCookie.ts';
import { type Login, type Sending } from './loginRequest.ts';
import { seeOther } from '../page.ts';
import { ACTS, perform } from './loginActs.ts';
import { isAskedFor, judge } from './loginFactors.ts';

/** The form's own proof has been looked at. @throws Trouble */
export async function answerForm(
  login: Login,
  ctx: Context,
  next: Next,
  { request, form }: { request: PendingRequest; form: Form },
): Promise<void> {
  const sending: Sending = {
    login,
    ctx,
    next,
    request,
    form,
    sent: readSentForm(login.world, request.id, { nonce: nonceOf(login, form), typed: typedIn(form) }),
    secret: readHolderCookie(ctx, login.isSecure),
  };
  const act = ACTS.find((name) => form.has(name));
  if (act) return await perform(sending, act);
  if (isAskedFor(request, field(form, 'step'))) return await judge(sending);
  seeOther(ctx, ctx.path);
}

/** A page without one is of a node of the version before: its form is like no other. */
function nonceOf({ world }: Login, form: Form): string {
  return form.get('form') ?? drawSecret(world.dice);
}

function typedIn(form: Form): string[] {
  return [...form].filter(([name]) => name !== 'csrf' && name !== 'form').flat();
}
