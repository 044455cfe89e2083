/** What is refused at the desk, as operators see it and as the audit log keeps it. */
import type { StaffAction } from './staff.ts';

/** What was asked for: an action, or the desk as such. */
export type RefusedAction = StaffAction | 'desk';

export const DESK_REFUSAL_REASONS = [
  /** No role now, and none before. */
  'no_role',
  'role_ended',
  /** Another proposed to end the role or to block the ID, and it is not decided yet. */
  'role_paused',
  'not_your_role',
  'own_id',
  /** What they proposed or took in themselves, which another has to decide. */
  'own_proposal',
  'other_bank',
  'others_search',
  'others_application',
  /** The form was not made for them. */
  'bad_form',
  'over_limit',
] as const;
export type DeskRefusalReason = (typeof DESK_REFUSAL_REASONS)[number];
