/**
 * One call to the sink at a time, each for a limited time. A folder of another machine may hang for ever, and
 * each call that hangs holds one of the few threads that also hash passwords: no second one joins it. A call
 * that was given up while it waited is not made later, when what it says is old.
 */
import { setTimeout } from 'node:timers/promises';
import { AuditSinkUnavailable, type AuditSink } from './auditSink.ts';

const LATE = Symbol('late');

export function limitAuditSink(sink: AuditSink, timeoutMs: number): AuditSink {
  let last: Promise<unknown> = Promise.resolve();
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    const late = new AuditSinkUnavailable(`${sink.name}: no answer within ${timeoutMs} ms`);
    const clock = new AbortController();
    let isGivenUp = false;
    const turn = last.then(async () => {
      if (isGivenUp) throw late;
      return await work();
    });
    last = turn.catch(() => undefined);
    const limit = setTimeout(timeoutMs, LATE, { signal: clock.signal });
    try {
      const outcome = await Promise.race([turn, limit]);
      if (outcome !== LATE) return outcome;
      isGivenUp = true;
      throw late;
    } finally {
      clock.abort();
      limit.catch(() => undefined);
    }
  };
  return {
    name: sink.name,
    read: async (name) => await call(() => sink.read(name)),
    create: async (name, content) => await call(() => sink.create(name, content)),
    replace: async (name, content) => await call(() => sink.replace(name, content)),
  };
}
