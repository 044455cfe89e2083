/**
 * Finds events without a leaf that should have one, events that are there more than once, and those whose
 * time is not that of their neighbours.
 */
import { listLeafPlaces } from '../../../db/auditTree/leafPlaces.ts';
import { listEventTimes, readEventClock, type EventTime } from '../../../db/auditTree/verification.ts';
import type { Queryable } from '../../../db/database.ts';
import type { AuditFindings } from './auditFinding.rules.ts';
import type { IdSet } from './idSet.rules.ts';
import { DISORDER_MICROS, TimeOrder } from './verifyEvents.rules.ts';

const PAGE_EVENTS = 10_000;
/** More say that the clock of the database went back. */
const MAX_MISTIMED = 100;

export interface IdsToVerify {
  readonly sealedIds: IdSet;
  /** Of findings: nothing more is said of them. */
  readonly reportedIds: IdSet;
  /** Of which it was said that there is more than one row. */
  readonly doubledIds: Set<string>;
  /** No event up to this id can still appear. */
  readonly settledId: bigint;
  /** No event has been given a larger number. */
  readonly lastNumber: bigint;
}

export async function verifyIds(
  db: Queryable,
  findings: AuditFindings,
  known: IdsToVerify,
): Promise<{ readonly unsealed: number }> {
  const { sealedIds, reportedIds } = known;
  const order = new TimeOrder();
  const now = await readEventClock(db);
  let [unsealed, mistimed] = [0, 0];
  for (let after: string | null = null; ; ) {
    const page: EventTime[] = await listEventTimes(db, after, PAGE_EVENTS);
    for (const event of page) {
      const { id } = event;
      noteRows(event, known, findings);
      if (!sealedIds.has(id)) {
        const kind = findFaultOfUnsealed(event, known, now);
        if (kind === null) unsealed += 1;
        else findings.add({ kind, id });
        continue;
      }
      if (reportedIds.has(id) || mistimed >= MAX_MISTIMED) continue;
      const other = order.add(event);
      if (!other) continue;
      mistimed += 1;
      const isEarlier = (await findLeaf(db, id)) < (await findLeaf(db, other.id));
      findings.add({ kind: 'event_back_dated', id: isEarlier ? other.id : id });
      if (isEarlier) order.dropLatest();
    }
    const last = page.at(-1);
    if (!last) return { unsealed };
    after = last.id;
  }
}

function noteRows(
  { id, rows }: EventTime,
  { doubledIds, sealedIds, lastNumber }: IdsToVerify,
  findings: AuditFindings,
): void {
  if (rows > 1 && !doubledIds.has(id)) findings.add({ kind: 'event_doubled', id });
  if (sealedIds.has(id) && BigInt(id) > lastNumber) findings.add({ kind: 'event_not_numbered', id });
}

/** @returns null for an event that waits for its leaf */
function findFaultOfUnsealed(
  { id, at }: EventTime,
  { settledId, lastNumber }: IdsToVerify,
  now: number,
): 'event_added' | 'event_not_numbered' | 'event_unsealed' | null {
  if (BigInt(id) > lastNumber) return 'event_not_numbered';
  if (BigInt(id) <= settledId) return 'event_added';
  return Math.abs(now - at) <= DISORDER_MICROS ? null : 'event_unsealed';
}

async function findLeaf(db: Queryable, id: string): Promise<number> {
  return (await listLeafPlaces(db, [id]))[0]?.index ?? Infinity;
}
