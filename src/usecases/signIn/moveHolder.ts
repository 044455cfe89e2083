/**
 * A form that shows no factor (a yes, a no, "not now") changes the holder's secret as those do that are judged: a copy of the cookie
 * that was taken before it is worth nothing after it.
 */
import { findSignIn, setHolder, type StoredSignIn } from '../../store/signIns.ts';
import { interactionKey, type World } from '../world.ts';
import { bindAgain, holderKey, isSameKey, isTheirs, type SentForm } from './holder.ts';
import { bringsItsSession } from './stepUpSession.ts';

/**
 * `held`: the row is this browser's, under the secret of this form. `nothing`: there is no row yet, and so nothing to hold.
 * `foreign`: another browser holds it. `answered`: it is over.
 */
export type Held = 'held' | 'nothing' | 'foreign' | 'answered';

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

function howHeld(stored: StoredSignIn | null, sent: SentForm): Held | null {
  if (stored?.isAnswered) return 'answered';
  return stored && isSameKey(stored.holder, sent.holder) ? 'held' : null;
}
