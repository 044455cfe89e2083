/** The current password that stands in a form of self-service, beside what is to be changed. */
import type { Context } from 'koa';
import type { CurrentPasswordRefusal } from './currentPassword.rules.ts';
import type { FirstPartyUser } from '../../firstPartyClients/index.ts';
import { submitCurrentPassword } from './currentPassword.ts';
import type { AppContext } from '../../appContext.ts';
import type { PostedForm } from '../../../http/forms.ts';
import { createConnectionSignal } from '../../../http/connection.ts';
import { HttpError } from '../../../ui/httpError.ts';

/** Null when it is right. @throws HttpError (503): nothing was judged. */
export async function checkCurrentPassword(
  context: AppContext,
  ctx: Context,
  { identityId }: FirstPartyUser,
  form: PostedForm,
): Promise<CurrentPasswordRefusal | null> {
  const answer = await submitCurrentPassword(context, {
    identityId,
    // A page of the version before has no such field.
    typed: form.get('currentPassword') ?? '',
    address: ctx.ip,
    signal: createConnectionSignal(ctx),
  });
  if (answer === 'busy') throw new HttpError(503, 'busy');
  return answer === 'right' ? null : answer;
}
