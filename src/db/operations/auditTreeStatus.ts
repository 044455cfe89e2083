/** Where the tree of the audit log stands, for `status`. */
import type { Inspector } from './inspection.ts';

const READ = `
  SELECT t.size::float8 AS size, t.segments::float8 AS segments, t.sink_since IS NOT NULL AS "hadSink",
    clock_timestamp() AS now, count(e.id)::int AS unsealed,
    (extract(epoch FROM clock_timestamp() - min(e.at)) * 1000)::float8 AS "unsealedMs"
  FROM audit_tree t LEFT JOIN LATERAL (
    SELECT id, at FROM audit_events WHERE id > t.sealed_below AND id <> ALL(t.sealed_above) ORDER BY id LIMIT 100000) e ON true
  GROUP BY t.size, t.segments, t.sink_since`;

export interface AuditTreeStatus {
  readonly size: number;
  readonly segments: number;
  readonly hadSink: boolean;
  readonly now: Date;
  /** At most 100,000 are counted. */
  readonly unsealed: number;
  /** The age of the oldest of them; null when there is none. */
  readonly unsealedMs: number | null;
}

export async function readAuditTreeStatus(inspector: Inspector): Promise<AuditTreeStatus> {
  const [row] = await inspector.query<AuditTreeStatus>(READ);
  if (!row) throw new Error('the state of the audit tree is missing: node dist/cli.js migrate');
  return row;
}
