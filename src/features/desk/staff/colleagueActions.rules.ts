/**
 * Actions on the ID of a member of staff take two: otherwise one person at one desk could lock all others
 * out. A proposed block takes effect at the desk immediately: the colleague's role is paused until another
 * has decided, so that a stolen card gives no access here in the meantime. An operator's role is not paused:
 * operators are the people who undo it.
 */
import type { DeskAction } from '../../../domain/staff/desk.ts';

/** A proposal can be confirmed for this long; then it has no effect. */
export const COLLEAGUE_HOURS = 24;

/** A proposal of one of these pauses the role. */
export const PAUSING_ACTIONS: readonly DeskAction[] = [
  'block-card',
  'block-security-keys',
  'block-code-token',
  'block-id',
];
