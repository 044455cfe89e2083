/** What `status` says of the audit log: how far its tree is, and whether the sink has it. Only reads. */
import { z } from 'zod';
import type { Inspector } from '../../db/operations/inspection.ts';
import { readAuditTreeStatus } from '../../db/operations/auditTreeStatus.ts';
import { openAuditSink, type AuditSinkSettings } from '../../platform/outbound/openAuditSink.ts';

/** Nodes stream within two seconds. */
const LATE_MS = 60_000;

export interface AuditLogStatus {
  readonly events: number;
  /** Events that are not in the tree, and since when the oldest of them waits. */
  readonly unsealed: number;
  readonly sink: string | null;
  readonly missing: number | null;
  /** In words for an operator. */
  readonly attention: readonly string[];
  readonly text: string;
}

const headSchema = z.object({ lastSegment: z.number(), at: z.iso.datetime() });

export async function readAuditLogStatus(
  inspector: Inspector,
  settings: AuditSinkSettings | null,
): Promise<AuditLogStatus> {
  const tree = await readAuditTreeStatus(inspector);
  const { size, segments, unsealed, unsealedMs, hadSink, now } = tree;
  const attention: string[] = [];
  if (unsealedMs !== null && unsealedMs > LATE_MS)
    attention.push('audit events are not added to their tree: does any node run?');
  const inTree = `${size} events in the tree, ${unsealed} on their way`;
  if (settings === null) {
    if (hadSink) attention.push('this database had an audit sink, and NOEGLE_AUDIT_SINK is not set');
    return { events: size, unsealed, sink: null, missing: null, attention, text: `${inTree}; no sink` };
  }
  const sink = openAuditSink(settings);
  try {
    const bytes = await sink.read('head');
    if (!bytes) {
      attention.push(`the audit sink ${sink.name} is empty: the first node that starts begins it`);
      return {
        events: size,
        unsealed,
        sink: sink.name,
        missing: null,
        attention,
        text: `${inTree}; an empty sink`,
      };
    }
    const { lastSegment, at } = headSchema.parse(JSON.parse(bytes.toString('utf8').split('\n')[0] ?? ''));
    const missing = segments - 1 - lastSegment;
    if (missing < 0)
      attention.push('the audit sink holds what this database has lost: node dist/cli.js help after-restore');
    if (now.getTime() - new Date(at).getTime() > LATE_MS)
      attention.push(`no node has reported to the audit sink since ${at}`);
    const text = `${inTree}; the sink lacks ${Math.max(0, missing)} of ${segments} segments`;
    return { events: size, unsealed, sink: sink.name, missing, attention, text };
  } catch (error) {
    const cause = error instanceof Error ? error.message : 'it cannot be read';
    attention.push(`the audit sink is away: ${cause}`);
    return {
      events: size,
      unsealed,
      sink: sink.name,
      missing: null,
      attention,
      text: `${inTree}; the sink is away`,
    };
  }
}
