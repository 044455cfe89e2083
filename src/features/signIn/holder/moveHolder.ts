/**
 * A form that shows no factor (a yes, a no, "not now") changes the holder's secret as those do that are judged: a copy of the cookie
 * that was taken before it is worth nothing after it.
 */
import { findSignIn, saveHolder, type StoredSignIn } from '../../../db/signIn/signIns.ts';
import { hashInteractionId, isSignInOver, type AppContext } from '../../appContext.ts';
import { remakeSignInMac, hashHolder, isSameHash, isHeldByBrowser, type SubmittedForm } from './holder.ts';
import { hasMatchingSession } from '../stepUpSession.ts';

/**
 * `held`: the row is this browser's, under the secret of this form. `nothing`: there is no row yet, and so nothing to hold.
 * `foreign`: another browser holds it. `answered`: it led to an answer. `over`: its time is up.
 */
export type HolderResult = 'held' | 'nothing' | 'foreign' | 'answered' | 'over';

export interface HolderMove {
  readonly sent: SubmittedForm;
  /** The secret of the holder's cookie, if this browser has one. */
  readonly secret: string | null;
  /** Of the session that a key raises in this browser, if it does. */
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
  // Nobody who comes later wakes what is over.
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

/** The row is held by this very form: not where a later form of the same browser was judged since. */
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
