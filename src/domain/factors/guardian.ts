/**
 * Under 15 a second way to sign in, a security key or a code token, comes only with the guardian of the
 * record: the one who was there when the ID was issued, or whom an officer has recorded since. A key of the
 * card does not show who holds the device, and a child gives it to anyone who asks kindly. So the rule is
 * judged where a second way is added, for every path. What a person has on the day they turn 15 stays.
 */
import type { Day } from '../calendar.ts';
import { isYoungerThan } from '../issuing/application.ts';
import type { Actor } from '../notice.ts';

const GUARDIAN_YEARS = 15;

/** As an audit event has it. */
export interface GuardianDetails {
  /** Name and proof, sealed for the person only (features/guardian/sealedGuardian.ts). */
  readonly sealed: string;
  /** They were not on record before: from now on they are. */
  readonly isNew: boolean;
  /** The document that the guardian showed: its kind, and a keyed hash by which it can be recognised. */
  readonly identification: { readonly kind: string; readonly document: string };
}

export interface Guardian {
  readonly name: string;
  /** What an officer saw that shows it; null for the guardian who was on record already. */
  readonly proof: string | null;
}

/** Who adds a second way, as the event names them. */
export interface SecondWayActor {
  readonly by: Actor;
  /** Set when a member of staff checked the guardian. */
  readonly guardian?: GuardianDetails;
}

/** Whether a second way needs the guardian today, by the calendar of Denmark. */
export function needsGuardian(birthdate: Day, now: Date): boolean {
  return isYoungerThan(birthdate, GUARDIAN_YEARS, now);
}

/** Whether this actor may add a second way: anyone from 15 on, before that an officer with the guardian. */
export function mayAddSecondWay(birthdate: Day, by: SecondWayActor, now: Date): boolean {
  return !needsGuardian(birthdate, now) || (by.by === 'staff' && by.guardian !== undefined);
}
