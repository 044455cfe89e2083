/** Who hears of a security event: the log, and what else follows it. */
import type { ReportEvent } from '../domain/securityEvent.ts';
import type { Log } from '../platform/log.ts';

/** A line is `{ event, … }` with the message `security event`; it contains ids and codes only. */
export function createEventReporter(log: Log, ...listeners: readonly ReportEvent[]): ReportEvent {
  const lines = log.child({}, { redact: [] });
  return ({ kind, ...about }) => {
    const event = { kind, ...about } as Parameters<ReportEvent>[0];
    lines.info({ event: kind, ...about }, 'security event');
    for (const listener of listeners) listener(event);
  };
}
