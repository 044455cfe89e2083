/** How long requests take, by a group of addresses and the class of the status. */
import { Histogram, type Registry } from 'prom-client';

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** @param group of a closed list, so that the number of series is bounded */
export type ObserveRequest = (group: string, status: number, ms: number) => void;

export function createRequestObserver(registry: Registry): ObserveRequest {
  const duration = new Histogram({
    name: 'noegle_http_request_duration_seconds',
    help: 'The time from the headers of a request to its response, by group of addresses.',
    labelNames: ['group', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  // A child is looked up by its labels once.
  const children = new Map<string, { observe: (seconds: number) => void }>();
  return (group, status, ms) => {
    const statusClass = `${Math.floor(status / 100)}xx`;
    const id = `${group} ${statusClass}`;
    const child = children.get(id) ?? duration.labels(group, statusClass);
    children.set(id, child);
    child.observe(ms / 1_000);
  };
}
