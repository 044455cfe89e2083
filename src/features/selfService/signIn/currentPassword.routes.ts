/** Checks the current password in a form of self-service that changes a factor or the e-mail address. */
import type { Context } from 'koa';
import type { CurrentPasswordRefusal } from './currentPassword.rules.ts';
import type { FirstPartyUser } from '../../firstPartyClients/index.ts';
import { submitCurrentPassword } from './currentPassword.ts';
import type { AppContext } from '../../appContext.ts';
import type { PostedForm } from '../../../http/forms.ts';
import { createConnectionSignal } from '../../../http/connection.ts';
import { HttpError } from '../../../ui/httpError.ts';

/**
 * Returns null when it is right.
 *
 * @throws HttpError (503) when it was not verified.
 */
export async function checkCurrentPassword(
  context: AppContext,
  ctx: Context,
  { identityId }: FirstPartyUser,
  form: PostedForm,
): Promise<CurrentPasswordRefusal | null> {
  const answer = await submitCurrentPassword(context, {
    identityId,
    // A page of the previous version has no such field.
    typed: form.get('currentPassword') ?? '',
    address: ctx.ip,
    signal: createConnectionSignal(ctx),
  });
  if (answer === 'busy') throw new HttpError(503, 'busy');
  return answer === 'right' ? null : answer;
}
