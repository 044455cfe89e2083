/** Finds events without a leaf that should have one, and those whose time is not that of their neighbours. */
import { listLeafPlaces } from '../../../db/auditTree/leafPlaces.ts';
import { listEventTimes } from '../../../db/auditTree/verification.ts';
import type { Queryable } from '../../../db/database.ts';
import type { AuditFindings } from './auditFinding.rules.ts';
import type { IdSet } from './idSet.rules.ts';
import { TimeOrder } from './verifyEvents.rules.ts';

const PAGE_EVENTS = 10_000;
/** More say that the clock of the database went back. */
const MAX_MISTIMED = 100;
/** No sequence gives it, and an owner can write it. */
const SMALLEST_ID = '-9223372036854775808';

export interface IdsToVerify {
  readonly sealedIds: IdSet;
  /** Of findings: nothing more is said of them. */
  readonly reportedIds: IdSet;
  /** No event up to this id can still appear. */
  readonly settledId: bigint;
}

export async function verifyIds(
  db: Queryable,
  findings: AuditFindings,
  { sealedIds, reportedIds, settledId }: IdsToVerify,
): Promise<{ readonly unsealed: number }> {
  const order = new TimeOrder();
  let [unsealed, mistimed] = [0, 0];
  let from = SMALLEST_ID;
  for (;;) {
    const page = await listEventTimes(db, from, PAGE_EVENTS);
    for (const event of page) {
      const { id } = event;
      if (!sealedIds.has(id)) {
        if (BigInt(id) <= settledId) findings.add({ kind: 'event_added', id });
        else unsealed += 1;
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
    from = String(BigInt(last.id) + 1n);
  }
}

async function findLeaf(db: Queryable, id: string): Promise<number> {
  return (await listLeafPlaces(db, [id]))[0]?.index ?? Infinity;
}
