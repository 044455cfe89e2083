/**
 * A form that shows no factor (a yes, a no, "not now") changes the holder's secret as those do that are judged: a copy of the cookie
 * that was taken before it is worth nothing after it.
 */
import { findSignIn, setHolder, type StoredSignIn } from '../../store/signIns.ts';
import { interactionKey, isSignInOver, type World } from '../world.ts';
import { bindAgain, holderKey, isSameKey, isTheirs, type SentForm } from './holder.ts';
import { bringsItsSession } from './stepUpSession.ts';

/**
 * `held`: the row is this browser's, under the secret of this form. `nothing`: there is no row yet, and so nothing to hold.
 * `foreign`: another browser holds it. `answered`: it led to an answer. `over`: its time is up.
 */
export type Held = 'held' | 'nothing' | 'foreign' | 'answered' | 'over';

export interface SentToMove {
  readonly sent: SentForm;
  /** The secret of the holder's cookie, if this browser has one. */
  readonly secret: string | null;
  /** Of the session that a key raises in this browser, if it does. */
  readonly sessionUid: string | null;
}

export async function moveHolder(
  world: World,
  interactionId: string,
  { sent, secret, sessionUid }: SentToMove,
): Promise<Held> {
  const { database } = world;
  const interaction = interactionKey(world, interactionId);
  const stored = await findSignIn(database, interaction);
  const known = howHeld(stored, sent);
  if (!stored || known) return known ?? 'nothing';
  // Nobody who comes later wakes what is over.
  if (isSignInOver(stored.stepAt, world.clock.now())) return 'over';
  if (!isTheirs(world, interactionId, secret, stored) || !bringsItsSession(stored, sessionUid))
    return 'foreign';
  const isMoved = await setHolder(database, interaction, {
    formerHolder: secret === null ? null : holderKey(world, interactionId, secret),
    holder: sent.holder,
    mac: bindAgain(world, interactionId, stored, sent),
  });
  if (isMoved) return 'held';
  // Another form was faster: perhaps this very one, at another node.
  return howHeld(await findSignIn(database, interaction), sent) ?? 'foreign';
}

/** The row is held by this very form: not where a later form of the same browser was judged since. */
export async function isHeldBy(world: World, interactionId: string, sent: SentForm): Promise<boolean> {
  const stored = await findSignIn(world.database, interactionKey(world, interactionId));
  return stored !== null && isSameKey(stored.holder, sent.holder);
}

function howHeld(stored: StoredSignIn | null, sent: SentForm): Held | null {
  if (stored?.isAnswered) return 'answered';
  return stored && isSameKey(stored.holder, sent.holder) ? 'held' : null;
}
