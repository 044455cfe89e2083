/** The current password that stands in a form of self-service, beside what is to be changed. */
import type { Context } from 'koa';
import type { CurrentPasswordFault } from '../../core/selfService/currentPassword.ts';
import type { Visitor } from '../../usecases/ownSite/ownSession.ts';
import { giveCurrentPassword } from '../../usecases/selfService/currentPassword.ts';
import type { World } from '../../usecases/world.ts';
import type { Form } from '../forms.ts';
import { connectionSignal } from '../protocol/connection.ts';
import { Trouble } from '../trouble.ts';

/** Null when it is right. @throws Trouble (503): nothing was judged. */
export async function judgeCurrentPassword(
  world: World,
  ctx: Context,
  { identityId }: Visitor,
  form: Form,
): Promise<CurrentPasswordFault | null> {
  const answer = await giveCurrentPassword(world, {
    identityId,
    // A page of the version before has no such field.
    typed: form.get('currentPassword') ?? '',
    address: ctx.ip,
    signal: connectionSignal(ctx),
  });
  if (answer === 'busy') throw new Trouble(503, 'busy');
  return answer === 'right' ? null : answer;
}
