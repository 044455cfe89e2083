/** The forms of a lock that opens by a code alone: one is ordered, or given. It shows no factor. */
import { isTwoFactor } from '../../core/levels.ts';
import { giveDoorCode, type GivenDoorCode } from '../../usecases/signIn/giveDoorCode.ts';
import { field, type Form } from '../forms.ts';
import { Trouble } from '../trouble.ts';
import { resultOf, type StepResult, type Submission } from './step.ts';
import { readUnjudged } from './unjudgedCookie.ts';

export async function takeDoorCode(submission: Submission): Promise<StepResult> {
  const { deps, ctx, request, form, sent, secret } = submission;
  const answer = await giveDoorCode(deps.world, {
    interactionId: request.id,
    asks: readOrder(form),
    code: form.has('send') ? '' : field(form, 'code'),
    address: ctx.ip,
    sent,
    secret,
    unjudged: readUnjudged(deps, ctx, request.id),
  });
  return resultOf(submission, answer, !isTwoFactor(request.requiredKinds));
}

/** @throws Trouble (400) */
function readOrder(form: Form): GivenDoorCode['asks'] {
  const order = form.get('send') ?? null;
  if (order === null || order === 'code' || order === 'code_by_letter') return order;
  throw new Trouble(400, 'bad_form');
}
