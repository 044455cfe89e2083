/** Where metrics are served: a port of their own, which is off unless it is set. */
import { isIP } from 'node:net';
import type { MetricsAddress } from '../platform/metrics/metricsListener.ts';

type MetricsEnvironment = Readonly<Record<string, string | undefined>>;

/** Metrics say when people sign in and how much waits: nothing for a network that is not the operator's. */
const LOOPBACK = '127.0.0.1';

export function readMetricsAddress(env: MetricsEnvironment, faults: string[]): MetricsAddress | null {
  const { NOEGLE_METRICS_PORT: port, NOEGLE_METRICS_HOST: host, PORT: publicPort } = env;
  if (!port) {
    if (host) faults.push('NOEGLE_METRICS_HOST is set, but NOEGLE_METRICS_PORT is not: metrics are off');
    return null;
  }
  const number = /^[0-9]{1,5}$/.test(port) ? Number(port) : Number.NaN;
  if (!(number >= 1 && number <= 65_535)) {
    faults.push('NOEGLE_METRICS_PORT must be a number from 1 to 65535');
  } else if (number === Number(publicPort || 3000)) {
    faults.push('NOEGLE_METRICS_PORT must not be PORT: metrics are never served where people are');
  }
  if (host && isIP(host) === 0) {
    faults.push('NOEGLE_METRICS_HOST must be an IP address of this machine: 127.0.0.1, 10.0.0.5, ::1');
  }
  return { port: number, host: host || LOOPBACK };
}
