/**
 * The order of several notices in one letter or mail, and what is left out: what a later one has overtaken. A
 * person who reads "your card has been sent" does not need "your card will be sent" above it.
 */
import { LETTER_FOR, type Notice, type NoticeKind } from '../../domain/notice.ts';

/** A notice of these kinds, about the same card, says what became of it: a card goes one way only. */
const OVERTAKEN_BY: Partial<Record<NoticeKind, readonly NoticeKind[]>> = {
  card_ordered: [
    'card_sent',
    'card_active',
    'card_not_arrived',
    'card_recalled',
    'card_retired',
    'card_blocked',
  ],
  card_sent: ['card_active', 'card_not_arrived', 'card_recalled', 'card_retired', 'card_blocked'],
};

/** The ID is closed to everyone: nothing is left to block. */
const BLOCKED: readonly NoticeKind[] = ['id_blocked', 'emigrated', 'id_closed'];

/**
 * @param notices oldest first
 * @returns signs of a theft first, then a block, then the others as they came
 */
export function arrangeNotices(notices: readonly Notice[]): Notice[] {
  const present = notices.filter((notice) => !isOvertaken(notice, notices));
  return present.toSorted((one, other) => rankOf(one) - rankOf(other));
}

/** The ID was blocked, and not opened again since. */
export function isBlockedByThem(notices: readonly Notice[]): boolean {
  const last = notices.findLast(({ kind }) => BLOCKED.includes(kind) || kind === 'id_reopened');
  return last !== undefined && last.kind !== 'id_reopened';
}

function isOvertaken({ kind, details }: Notice, notices: readonly Notice[]): boolean {
  const by = OVERTAKEN_BY[kind] ?? [];
  return notices.some(
    (one) =>
      by.includes(one.kind) &&
      'cardNumber' in details &&
      'cardNumber' in one.details &&
      one.details.cardNumber === details.cardNumber,
  );
}

function rankOf({ kind }: Notice): number {
  if (LETTER_FOR[kind] === 'at_once') return 0;
  return BLOCKED.includes(kind) ? 1 : 2;
}
