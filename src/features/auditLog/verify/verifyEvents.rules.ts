/** Compares events with their leaves. */
import { composeLeafContent, hashEvent, type StoredEvent } from '../../../domain/auditTree/auditLeaf.ts';
import { hashLeaf } from '../../../domain/auditTree/merkleTree.ts';

/** An event as it stands, with the salt of its person; null where it has none. */
export interface PresentEvent extends StoredEvent {
  readonly salt: Buffer | null;
}

/** A place in the tree, and what should be there. */
export interface SealedPlace {
  readonly index: number;
  readonly id: string;
  readonly leaf: Buffer;
  readonly segmentSalt: Buffer;
  /** Of an event whose person was erased; null for others. */
  readonly erasedHash: Buffer | null;
}

export type EventState = 'as_sealed' | 'missing' | 'changed';

export function compareEvent(place: SealedPlace, event: PresentEvent | undefined): EventState {
  if (!event) return 'missing';
  const hash = hashEvent(event, event.salt ?? place.segmentSalt);
  return hash.equals(place.erasedHash ?? place.leaf) ? 'as_sealed' : 'changed';
}

/** Whether the event has this leaf under the salt that it had when it was sealed, as the sink knows it. */
export function fitsUnderSalt(leaf: Buffer, event: PresentEvent, leafSalt: Buffer): boolean {
  return hashLeaf(composeLeafContent(event, leafSalt)).equals(leaf);
}

/** A changed event. */
export interface ChangedEvent {
  readonly place: SealedPlace;
  readonly event: PresentEvent;
}

/** Whether the event would fit this place, if it had its id. */
function fitsPlace({ id, leaf, erasedHash, segmentSalt }: SealedPlace, event: PresentEvent): boolean {
  return hashEvent({ ...event, id }, event.salt ?? segmentSalt).equals(erasedHash ?? leaf);
}

/** Which of the changed events have each other's contents. */
export function findSwappedPairs(changed: readonly ChangedEvent[]): [ChangedEvent, ChangedEvent][] {
  const pairs: [ChangedEvent, ChangedEvent][] = [];
  const paired = new Set<ChangedEvent>();
  for (const [i, one] of changed.entries()) {
    if (paired.has(one)) continue;
    const other = changed
      .slice(i + 1)
      .find((two) => !paired.has(two) && fitsPlace(one.place, two.event) && fitsPlace(two.place, one.event));
    if (!other) continue;
    paired.add(one).add(other);
    pairs.push([one, other]);
  }
  return pairs;
}

/** Transactions end within this time: ids and times of two events are in the same order, but for so much. */
export const DISORDER_MICROS = 3_600e6;

/** Microseconds since 1970 as a number; infinite where the time is. */
export function parseMicros(text: string): number {
  if (text === 'infinity') return Infinity;
  return text === '-infinity' ? -Infinity : Number(text);
}

interface TimedEvent {
  readonly id: string;
  readonly at: number;
}

/** Finds events whose time contradicts that of their neighbours by id. */
export class TimeOrder {
  /** The latest, and the one before it. */
  #latest: TimedEvent | null = null;
  #second: TimedEvent | null = null;

  /**
   * @param event the next one by id
   * @returns the event with which it cannot stand together; null when it fits
   */
  add(event: TimedEvent): TimedEvent | null {
    const latest = this.#latest;
    if (latest === null || event.at >= latest.at) {
      this.#second = latest;
      this.#latest = event;
      return null;
    }
    return event.at < latest.at - DISORDER_MICROS ? latest : null;
  }

  /** The latest was the wrong one. */
  dropLatest(): void {
    this.#latest = this.#second;
    this.#second = null;
  }
}

/** The leaves of events as they stand; null when one is gone, or is of a person who was erased. */
export function computeLeaves(
  { eventIds, salt }: { readonly eventIds: readonly string[]; readonly salt: Buffer },
  byId: ReadonlyMap<string, PresentEvent>,
  erased: ReadonlyMap<string, Buffer>,
): Buffer[] | null {
  const leaves: Buffer[] = [];
  for (const id of eventIds) {
    const event = byId.get(id);
    if (!event || erased.has(id)) return null;
    leaves.push(hashEvent(event, event.salt ?? salt));
  }
  return leaves;
}
