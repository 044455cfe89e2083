/**
 * Why staff looked at somebody's ID. They type a reason, which is kept as they wrote it; where the work
 * brought it about, a code stands in the row, and the reader's language has words for it.
 */
import { REASONS_OF_BEFORE } from '../language/words.ts';

export type LookReason =
  /** By the register one person has two IDs. */
  | 'two_ids_by_register'
  /** An applicant may be somebody who has an ID. */
  | 'no_second_id'
  | 'issued_by_command'
  /** Of earlier versions: since then the one who issues types a reason. */
  | 'shown_at_issuing'
  /** Another CPR number is proposed for the person. */
  | 'cpr_change'
  /** Something is proposed about the ID of a member of staff. */
  | 'colleague_action';

/** In an audit event. */
export type LookedWhy = { readonly reason: string } | { readonly reasonCode: LookReason };

/** A code, where an earlier version wrote its Danish sentence in the place of a reason that was typed. */
export function withoutSentence(reason: string): LookedWhy {
  const reasonCode = REASONS_OF_BEFORE.find(([sentence]) => sentence === reason)?.[1];
  return reasonCode ? { reasonCode } : { reason };
}
