/**
 * A form without a factor (a yes, a no, "not now") renews the holder's secret like a form that gives one: an
 * earlier copy of the cookie is no longer valid.
 */
import { findSignIn, saveHolder, type StoredSignIn } from '../../../db/signIn/signIns.ts';
import { hashInteractionId, isSignInOver, type AppContext } from '../../appContext.ts';
import { remakeSignInMac, hashHolder, isSameHash, isHeldByBrowser, type SubmittedForm } from './holder.ts';
import { hasMatchingSession } from '../stepUpSession.ts';

/**
 * `held`: this browser holds the row, under the secret of this form. `nothing`: there is no row yet to hold.
 * `foreign`: another browser holds it. `answered`: the sign-in was answered. `over`: its time has passed.
 */
export type HolderResult = 'held' | 'nothing' | 'foreign' | 'answered' | 'over';

export interface HolderMove {
  readonly sent: SubmittedForm;
  /** The secret of the holder's cookie, if this browser has one. */
  readonly secret: string | null;
  /** The session that a step-up raises in this browser; null without one. */
  readonly sessionUid: string | null;
}

export async function moveHolder(
  context: AppContext,
  interactionId: string,
  { sent, secret, sessionUid }: HolderMove,
): Promise<HolderResult> {
  const { database } = context;
  const interaction = hashInteractionId(context, interactionId);
  const stored = await findSignIn(database, interaction);
  const known = readHolderResult(stored, sent);
  if (!stored || known) return known ?? 'nothing';
  // A late form must not revive a sign-in whose time has passed.
  if (isSignInOver(stored.stepAt, context.clock.now())) return 'over';
  if (!isHeldByBrowser(context, interactionId, secret, stored) || !hasMatchingSession(stored, sessionUid))
    return 'foreign';
  const isMoved = await saveHolder(database, interaction, {
    formerHolder: secret === null ? null : hashHolder(context, interactionId, secret),
    holder: sent.holder,
    mac: remakeSignInMac(context, interactionId, stored, sent),
  });
  if (isMoved) return 'held';
  // Another form was faster: perhaps this very one, at another node.
  return readHolderResult(await findSignIn(database, interaction), sent) ?? 'foreign';
}

/** Returns true when this very form holds the row, and no later form of the same browser. */
export async function isHeldByForm(
  context: AppContext,
  interactionId: string,
  sent: SubmittedForm,
): Promise<boolean> {
  const stored = await findSignIn(context.database, hashInteractionId(context, interactionId));
  return stored !== null && isSameHash(stored.holder, sent.holder);
}

function readHolderResult(stored: StoredSignIn | null, sent: SubmittedForm): HolderResult | null {
  if (stored?.isAnswered) return 'answered';
  return stored && isSameHash(stored.holder, sent.holder) ? 'held' : null;
}
