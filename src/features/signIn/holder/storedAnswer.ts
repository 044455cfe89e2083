/**
 * The response that ended a sign-in, stored for a minute under the holder's secret: a person whose response
 * was lost sends the form again.
 */
import { findSignIn, type StoredSignIn } from '../../../db/signIn/signIns.ts';
import { hashInteractionId, type AppContext } from '../../appContext.ts';
import { isHeldByBrowser } from './holder.ts';

/** @param secret of the holder; without it the answer does not open, regardless of the key ring */
export function sealAnswer(
  { keyring }: Pick<AppContext, 'keyring'>,
  interactionId: string,
  secret: string,
  answer: object,
): Buffer {
  const salt = Buffer.from(secret, 'base64url');
  return keyring.seal('records', JSON.stringify(answer), keyring.hashInteractionId(interactionId), salt);
}

/**
 * @param secrets under which this browser may hold the row: of the form that it sent, and of its cookie
 * @returns `waiting` when there is no answer yet; `over` when the answer is not given a second time
 */
export async function findStoredAnswer(
  context: AppContext,
  interactionId: string,
  secrets: readonly (string | null)[],
): Promise<'waiting' | 'over' | { readonly json: string; readonly stored: StoredSignIn }> {
  const interaction = hashInteractionId(context, interactionId);
  const stored = await findSignIn(context.database, interaction);
  if (!stored?.isAnswered) return 'waiting';
  const secret = secrets.find((one) => isHeldByBrowser(context, interactionId, one, stored)) ?? null;
  if (secret === null || stored.answerSealed === null) return 'over';
  const salt = Buffer.from(secret, 'base64url');
  return { json: context.keyring.open('records', stored.answerSealed, interaction, salt), stored };
}
