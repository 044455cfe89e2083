/**
 * Serves metrics on a port of their own, which is never the public one: plain HTTP, GET and HEAD, no cookies.
 * Process metrics begin here, as they cost timers and observers that a node without this port need not have.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, type Registry } from 'prom-client';
import { startListener, type Listener } from '../listener.ts';
import type { Log } from '../log.ts';

export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

export interface MetricsSource {
  readonly registry: Registry;
  /** Called before each scrape. Never rejects. */
  readonly refresh: () => Promise<void>;
}

const TEXT = 'text/plain; charset=utf-8';

export async function listenForScrapes(
  { registry, refresh }: MetricsSource,
  address: MetricsAddress,
  log: Log,
): Promise<Listener> {
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { pathname } = new URL(req.url ?? '/', 'http://metrics');
    if (pathname !== '/metrics') return sendText(res, 404, 'metrics are at /metrics\n');
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('Allow', 'GET, HEAD');
      return sendText(res, 405, 'only GET and HEAD\n');
    }
    await refresh();
    const text = await registry.metrics();
    sendText(res, 200, text, registry.contentType);
  };
  const listener = await startListener(
    (req, res) => {
      answer(req, res).catch((error: unknown) => {
        log.error({ err: error }, 'metrics could not be collected');
        if (!res.headersSent) sendText(res, 500, 'metrics could not be collected\n');
      });
    },
    address,
    { log },
  );
  // After the port is taken: process metrics end with the process only.
  if (!registry.getSingleMetric('process_start_time_seconds')) collectDefaultMetrics({ register: registry });
  return listener;
}

function sendText(res: ServerResponse, status: number, text: string, type = TEXT): void {
  res.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  // Node sends no body to HEAD.
  res.end(text);
}
