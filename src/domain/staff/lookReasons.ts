/**
 * Why staff looked at a person's ID. A typed reason is stored as written. When the task itself is the reason,
 * a code is stored, and each language has words for it.
 */
import { REASONS_OF_BEFORE } from '../language/words.ts';

export type LookReason =
  /** According to the population register one person has two IDs. */
  | 'two_ids_by_register'
  /** An applicant may be a person who already has an ID. */
  | 'no_second_id'
  | 'issued_by_command'
  /** Only in events of earlier versions: since then the issuing officer types a reason. */
  | 'shown_at_issuing'
  /** Another CPR number is proposed for the person. */
  | 'cpr_change'
  /** An action is proposed on the ID of a member of staff. */
  | 'colleague_action';

/** The fields of an audit event. */
export type LookedWhy = { readonly reason: string } | { readonly reasonCode: LookReason };

/** Replaces the Danish sentence that an earlier version stored in place of a typed reason with its code. */
export function withoutSentence(reason: string): LookedWhy {
  const reasonCode = REASONS_OF_BEFORE.find(([sentence]) => sentence === reason)?.[1];
  return reasonCode ? { reasonCode } : { reason };
}
