/** Compares the events with their places in the tree, one after another. */
import { composeLeafText } from '../../../domain/auditTree/auditLeaf.ts';
import type { StreamedEvent } from '../sinkObjects.ts';
import type { AuditFindings } from './auditFinding.rules.ts';
import { IdSet } from './idSet.rules.ts';
import {
  compareEvent,
  DISORDER_MICROS,
  findSwappedPairs,
  fitsUnderSalt,
  parseMicros,
  type ChangedEvent,
  type PresentEvent,
  type SealedPlace,
} from './verifyEvents.rules.ts';

/** Of so many changed events it is looked for each other's contents. */
const MAX_SWAPPED = 200;
/** More say that the clock of the database went back. */
const MAX_MISTIMED = 100;

/** An erased event whose hash was changed with it: its segment in the sink may still be there. */
function isOtherEvent(
  { erasedHash }: SealedPlace,
  event: PresentEvent,
  sunk: StreamedEvent | undefined,
): boolean {
  return erasedHash !== null && sunk !== undefined && composeLeafText(event) !== composeLeafText(sunk);
}

/** The first and the last leaf. */
export interface LateStretch {
  from: number;
  to: number;
}

export class EventComparison {
  readonly sealedIds = new IdSet();
  /** Of findings on the event itself. */
  readonly reportedIds = new IdSet();
  erasedCount = 0;
  readonly #findings: AuditFindings;
  readonly #changed: ChangedEvent[] = [];
  readonly #peopleWithOtherSalt = new Set<string>();
  /** The latest time of an event, and of one of an earlier segment. */
  #latest = -Infinity;
  #latestBefore = -Infinity;
  #mistimed = 0;
  readonly #late: LateStretch[] = [];

  constructor(findings: AuditFindings) {
    this.#findings = findings;
  }

  beginSegment(): void {
    this.#latestBefore = this.#latest;
  }

  /**
   * @param sunk the event as the sink has it, where it does
   * @param sealedAt microseconds since 1970
   */
  compare(
    place: SealedPlace,
    event: PresentEvent | undefined,
    { sunk, sealedAt }: { readonly sunk: StreamedEvent | undefined; readonly sealedAt: number },
  ): void {
    const { id, index } = place;
    if (!this.sealedIds.add(id)) this.#findings.add({ kind: 'event_twice', id, leaf: index });
    if (place.erasedHash) this.erasedCount += 1;
    const state = compareEvent(place, event);
    if (!event || state === 'missing') this.#findings.add({ kind: 'event_missing', id, leaf: index });
    else if (state === 'changed' || isOtherEvent(place, event, sunk)) this.#noteChanged(place, event, sunk);
    else this.#compareTime(index, event, sealedAt);
  }

  #noteChanged(place: SealedPlace, event: PresentEvent, sunk: StreamedEvent | undefined): void {
    const { id, index, leaf } = place;
    const { identityId } = event;
    this.reportedIds.add(id);
    const hasOtherSalt =
      identityId !== null && sunk !== undefined && fitsUnderSalt(leaf, event, Buffer.from(sunk.salt, 'hex'));
    if (hasOtherSalt) {
      if (!this.#peopleWithOtherSalt.has(identityId))
        this.#findings.add({ kind: 'person_salt_changed', identityId, id });
      this.#peopleWithOtherSalt.add(identityId);
    } else if (this.#changed.length < MAX_SWAPPED) this.#changed.push({ place, event });
    else this.#findings.add({ kind: 'event_changed', id, leaf: index });
  }

  /** Who adds an event cannot choose when it is sealed. */
  #compareTime(index: number, { id, at: text }: PresentEvent, sealedAt: number): void {
    const at = parseMicros(text);
    const isWrong =
      !Number.isFinite(at) || at < this.#latestBefore - DISORDER_MICROS || at > sealedAt + DISORDER_MICROS;
    if (!isWrong) this.#latest = Math.max(this.#latest, at);
    if (!isWrong && at < sealedAt - DISORDER_MICROS) this.#noteLate(index);
    if (!isWrong || this.#mistimed >= MAX_MISTIMED) return;
    this.#mistimed += 1;
    this.#findings.add({ kind: 'event_back_dated', id });
    this.reportedIds.add(id);
  }

  #noteLate(index: number): void {
    const last = this.#late.at(-1);
    if (last?.to === index - 1) last.to = index;
    else this.#late.push({ from: index, to: index });
  }

  /** Stretches of leaves that were added to the tree more than an hour after the time of their events. */
  get late(): readonly Readonly<LateStretch>[] {
    return this.#late;
  }

  /** Names the changed events, now that those with each other's contents are known. */
  finish(): void {
    const pairs = findSwappedPairs(this.#changed);
    const swapped = new Set(pairs.flat());
    for (const [one, other] of pairs)
      this.#findings.add({ kind: 'events_swapped', id: one.place.id, otherId: other.place.id });
    for (const one of this.#changed)
      if (!swapped.has(one))
        this.#findings.add({ kind: 'event_changed', id: one.place.id, leaf: one.place.index });
  }
}
