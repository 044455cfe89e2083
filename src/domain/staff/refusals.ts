/** Refusals at the desk, as operators see them and as the audit log stores them. */
import type { StaffAction } from './staff.ts';

/** The refused action, or the desk as a whole. */
export type RefusedAction = StaffAction | 'desk';

export const DESK_REFUSAL_REASONS = [
  /** No role now or earlier. */
  'no_role',
  'role_ended',
  /**
   * Another operator proposed to end the role, or a colleague to block the ID, and the proposal is not
   * decided yet.
   */
  'role_paused',
  'not_your_role',
  'own_id',
  /** Their own proposal or application, which another officer must decide. */
  'own_proposal',
  'other_bank',
  'others_search',
  'others_application',
  /** The form was not issued to them. */
  'bad_form',
  'over_limit',
] as const;
export type DeskRefusalReason = (typeof DESK_REFUSAL_REASONS)[number];
