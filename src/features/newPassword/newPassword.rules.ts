/**
 * Which key a person who forgot the password is asked for, and whether a right one orders a letter.
 *
 * The page asks anyone who types a name. So for unknown names, and IDs without a usable card, it shows the
 * number of a key of an invented card, and the two must look alike: both steady, both one of 148 distinct
 * numbers at a random place. A real number changes when its key is used at a sign-in or the card is replaced;
 * an invented one therefore changes as well, at a moment of the name's own in each period.
 *
 * The challenge is not that of a sign-in, which only a right password reveals, and it is not drawn: it is the
 * first usable key in an order that a keyed hash gives for the person and the card. Asking stores nothing, so
 * it cannot be asked again until a known key comes up, and costs the same for every name.
 */
import { KEYS_ON_CARD } from '../../domain/card/keyCard.ts';
import { isYoungerThan } from '../../domain/issuing/application.ts';
import type { Rules } from '../../domain/rules.ts';

const DAY_MS = 24 * 3_600_000;
const MONTH_DAYS = 30;
/** How often an invented number changes: as often as a real one of a person who signs in every few days. */
const INVENTED_PERIOD_MS = 112 * DAY_MS;

/** Keyed hash of a text, at least 32 bytes; already bound to one name, or to one person and card. */
export type BoundHash = (text: string) => Buffer;

/** Counts the changes of the invented number of a name: the number is derived from it. */
export function findInventedPeriod(hash: BoundHash, now: Date): number {
  const sinceStart = now.getTime() + readNumberBelow(hash('start'), INVENTED_PERIOD_MS);
  const period = Math.floor(sinceStart / INVENTED_PERIOD_MS);
  const changesAt = readNumberBelow(hash(`change ${period}`), INVENTED_PERIOD_MS);
  return sinceStart % INVENTED_PERIOD_MS >= changesAt ? period : period - 1;
}

/** Returns the position, 0-147, of the invented card's key. */
export function readInventedPosition(hash: BoundHash, period: number): number {
  return readNumberBelow(hash(`position ${period}`), KEYS_ON_CARD);
}

/** The first six bytes: the bias is below 2^-12 for the largest limit here. */
function readNumberBelow(bytes: Buffer, limit: number): number {
  return bytes.readUIntBE(0, 6) % limit;
}

/**
 * Chooses the key that is asked for: the first in the card's order that is not spent and that no sign-in asks
 * for. A sign-in sees nothing of this page, and its challenge is never shown here. It stays the same until it
 * is spent, or until a sign-in draws it.
 * @param hash bound to the person and the card
 * @param challenge the position that a sign-in asks for
 * @returns a position, 0-147; null when no key is left
 */
export function chooseKeyPosition(
  hash: BoundHash,
  { spent, challenge }: { readonly spent: string; readonly challenge: number | null },
): number | null {
  return orderPositions(hash).find((position) => spent[position] === '0' && position !== challenge) ?? null;
}

function orderPositions(hash: BoundHash): number[] {
  const blocks = Math.ceil((KEYS_ON_CARD * 4) / 32);
  const bytes = Buffer.concat(
    Array.from({ length: blocks }, (_, block) => hash(`order ${block}`).subarray(0, 32)),
  );
  const rank = (position: number) => bytes.readUInt32BE(position * 4);
  return Array.from({ length: KEYS_ON_CARD }, (_, position) => position).sort(
    (one, other) => rank(one) - rank(other) || one - other,
  );
}

/** Since when a letter that was ordered here, or a password letter that was sent, counts as on its way. */
export function readOnTheWaySince({ newPassword }: Rules, now: Date): Date {
  return new Date(now.getTime() - newPassword.letterEveryDays * DAY_MS);
}

/** Since when letters that were ordered here are counted. */
export function readMonthStart(now: Date): Date {
  return new Date(now.getTime() - MONTH_DAYS * DAY_MS);
}

/** The person as the transaction that would order the letter sees them. */
export interface LetterFacts {
  readonly isBlocked: boolean;
  readonly birthdate: string;
  readonly hasAddress: boolean;
  /** A letter with a temporary password waits, or was sent a short while ago and has not been used. */
  readonly isOnTheWay: boolean;
  readonly orderedInAMonth: number;
}

/** Why a right key orders no letter. It is then not spent either. */
export type LetterRefusal = 'id_blocked' | 'on_the_way' | 'under_15' | 'no_address' | 'too_many';

export function findLetterRefusal(facts: LetterFacts, rules: Rules, now: Date): LetterRefusal | null {
  if (facts.isBlocked) return 'id_blocked';
  if (facts.isOnTheWay) return 'on_the_way';
  // The guardian of the record comes along to the desk, as for a second way to sign in.
  if (isYoungerThan(facts.birthdate, 15, now)) return 'under_15';
  if (!facts.hasAddress) return 'no_address';
  return facts.orderedInAMonth >= rules.newPassword.lettersInAMonth ? 'too_many' : null;
}
