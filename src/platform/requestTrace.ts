/**
 * The request that the code runs in, for the lines of the log: every line that is written for a request, by
 * whatever module, names it. Work that a request started and that continues after its response does too.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestTrace {
  readonly requestId: string;
  /** The trace of a trusted proxy (W3C Trace Context), if it sent one. */
  readonly traceId?: string;
  /** The relying party that the request is for; always one that is registered. */
  clientId?: string;
}

const current = new AsyncLocalStorage<RequestTrace>();

export function runInRequest<T>(trace: RequestTrace, work: () => T): T {
  return current.run(trace, work);
}

/** Timers and other work that only happened to begin within a request. */
export function runOutsideRequest<T>(work: () => T): T {
  return current.exit(work);
}

export function findRequestTrace(): RequestTrace | undefined {
  return current.getStore();
}

/** @param clientId of a registered client: a name that anyone may send does not belong in the log */
export function setTracedClient(clientId: string): void {
  const trace = current.getStore();
  if (trace) trace.clientId = clientId;
}
