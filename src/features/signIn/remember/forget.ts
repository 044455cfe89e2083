/** "Not you?": the computer forgets the user ID, and so does the page. */
import type { HolderResult } from '../holder/moveHolder.ts';
import { clearTypedName } from '../password/passwordSignIns.queries.ts';
import type { StepResult, Submission } from '../step.ts';
import { hashInteractionId } from '../../appContext.ts';
import { forgetUserId } from './rememberCookies.ts';

export async function forgetRememberedUserId({
  deps,
  ctx,
  request,
  secret,
}: Submission): Promise<StepResult> {
  forgetUserId(deps, ctx);
  if (secret !== null)
    await clearTypedName(deps.context.database, hashInteractionId(deps.context, request.id));
  return { next: 'page', holds: secret !== null };
}

/** Nothing of the sign-in changes for a browser that does not hold it. */
export function forgetUnheld({ deps, ctx }: Submission, held: HolderResult): Promise<StepResult | null> {
  if (held === 'nothing') return Promise.resolve(null);
  forgetUserId(deps, ctx);
  return Promise.resolve({ next: 'same-page' });
}
