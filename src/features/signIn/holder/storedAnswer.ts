/** The answer that ended a sign-in, kept for a minute under the holder's secret: a person whose answer was lost sends the form again. */
import { findSignIn } from '../../../db/signIn/signIns.ts';
import { hashInteractionId, type AppContext } from '../../appContext.ts';
import { isHeldByBrowser } from './holder.ts';

/** @param secret of the holder: without it the box does not open, whatever key ring there is. */
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
 * @param secrets that this browser may hold the row by: of the form that it sent, and of its cookie.
 * @returns `waiting` where nothing was answered yet, `over` where its answer is not given a second time.
 */
export async function findStoredAnswer(
  context: AppContext,
  interactionId: string,
  secrets: readonly (string | null)[],
): Promise<'waiting' | 'over' | { readonly json: string }> {
  const interaction = hashInteractionId(context, interactionId);
  const stored = await findSignIn(context.database, interaction);
  if (!stored?.isAnswered) return 'waiting';
  const secret = secrets.find((one) => isHeldByBrowser(context, interactionId, one, stored)) ?? null;
  if (secret === null || stored.answerSealed === null) return 'over';
  const salt = Buffer.from(secret, 'base64url');
  return { json: context.keyring.open('records', stored.answerSealed, interaction, salt) };
}
