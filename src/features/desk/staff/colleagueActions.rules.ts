/**
 * What is done with the ID of a member of staff takes two: one person at one desk could shut all the others
 * out. A block that is proposed takes effect at the desk at once: the colleague's role is paused until
 * another has decided, so that a card that was stolen opens nothing here meanwhile. An operator's role is not
 * paused: operators are the people who undo it.
 */
import type { DeskAction } from '../../../domain/staff/desk.ts';

/** So long may another confirm what was proposed; then it is as if it had not been. */
export const COLLEAGUE_HOURS = 24;

/** What was proposed pauses the role. */
export const PAUSING_ACTIONS: readonly DeskAction[] = ['block-card', 'block-id'];
