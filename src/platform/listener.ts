/** The HTTP server: accepts connections, and drains them. */
import { Server, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Log } from './log.ts';
import { respondToUnreadable, isResponseStarted, type StaticPage } from './unreadableRequest.ts';

/**
 * Proxies commonly keep connections for a minute and reuse them. A node that closes one first sometimes does
 * so just when a request is on its way, and a person sees 502. So a node keeps connections longer than its
 * proxies do.
 */
const KEEP_ALIVE_SECONDS = 75;
/**
 * For request line and headers: a `state` of 8 kB that came through several redirects, and the cookies of a
 * parent domain.
 */
const HEADER_BYTES = 32 * 1024;
const UNREADABLE_HEADERS = { 'Content-Type': 'text/plain', 'Cross-Origin-Resource-Policy': 'same-origin' };
const DRAIN_MS = 10_000;

/**
 * How much a connection may use. Nothing that people or programs send is larger than 56 kB: a phone at the
 * edge of a cell sends that in thirty seconds, and a slower sender is one that keeps connections busy
 * (slowloris).
 */
export interface ListenerLimits {
  /** From the first byte of a request to its last. */
  readonly requestSeconds: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersSeconds: number;
  /** The number of concurrent connections; those above are closed without a response. */
  readonly connections: number;
}

export const DEFAULT_LIMITS: ListenerLimits = { requestSeconds: 30, headersSeconds: 30, connections: 10_000 };

/**
 * The timeout of a connection that is neither idle nor read from: a response that the client does not read.
 * No response takes as long to produce.
 */
const STALLED_MS = 120_000;
/** Node's default checks every half minute: a limit of thirty seconds would take up to a minute. */
const CHECK_MS = 2_000;
const DROPPED_LOG_MS = 60_000;

export interface ListenerOptions {
  readonly limits?: ListenerLimits | undefined;
  readonly keepAliveSeconds?: number;
  /** The pages for browsers whose requests cannot be read, by status. */
  readonly unreadablePages?: Readonly<Record<number, StaticPage>>;
  readonly log?: Log;
}

/**
 * A server that can be drained: it accepts no new connections, finishes what runs, and finally closes what
 * hangs.
 */
export class Listener extends Server {
  readonly #answering = new Set<ServerResponse>();
  #isLeaving = false;

  constructor(handle: RequestListener, options: ListenerOptions = {}) {
    const { keepAliveSeconds = KEEP_ALIVE_SECONDS, unreadablePages, log, limits = DEFAULT_LIMITS } = options;
    const timing = {
      keepAliveTimeout: keepAliveSeconds * 1_000,
      requestTimeout: limits.requestSeconds * 1_000,
      // Node accepts no headers timeout that is longer than the request timeout.
      headersTimeout: Math.min(limits.headersSeconds, limits.requestSeconds) * 1_000,
      connectionsCheckingInterval: Math.min(CHECK_MS, limits.requestSeconds * 500),
    };
    super({ ...timing, maxHeaderSize: HEADER_BYTES }, (req, res) => {
      this.#answering.add(res);
      res.on('close', () => this.#answering.delete(res));
      if (this.#isLeaving) res.setHeader('Connection', 'close');
      // A target other than a path (an asterisk, part of a URL) is not a request that the app serves, and the
      // libraries do not handle it.
      if (hasOneHost(req) && normalizeRequestPath(req)) handle(req, res);
      else res.writeHead(400, UNREADABLE_HEADERS).end('Bad Request');
    });
    this.maxConnections = limits.connections;
    this.setTimeout(STALLED_MS);
    this.#logDropped(limits, log);
    this.on('clientError', (error, socket) => {
      const isAnswering = isResponseStarted(this.#answering, socket);
      respondToUnreadable({ error, socket, isAnswering, unreadablePages, log });
    });
  }

  /** Logs that connections are refused; once a minute is enough. */
  #logDropped({ connections }: ListenerLimits, log: Log | undefined): void {
    let dropped = 0;
    this.on('drop', () => {
      dropped += 1;
      if (dropped > 1) return;
      log?.warn({ connections }, 'more connections than NOEGLE_CONNECTIONS: some are closed unanswered');
      setTimeout(() => {
        if (dropped > 1) log?.warn({ dropped }, 'connections were closed unanswered within a minute');
        dropped = 0;
      }, DROPPED_LOG_MS).unref();
    });
  }

  /** From now on each response is the last of its connection: proxies then connect to another node. */
  announceLeaving(): void {
    this.#isLeaving = true;
    for (const res of this.#answering) if (!res.headersSent) res.setHeader('Connection', 'close');
  }

  async drain(): Promise<void> {
    this.announceLeaving();
    const cut = setTimeout(() => this.closeAllConnections(), DRAIN_MS);
    // A response that was started earlier has promised to keep its connection open.
    for (const res of this.#answering) res.on('close', () => setImmediate(() => this.closeIdleConnections()));
    await new Promise<void>((resolve) => {
      this.close(() => resolve());
      this.closeIdleConnections();
    });
    clearTimeout(cut);
  }
}

export async function startListener(
  handle: RequestListener,
  { port, host }: { port: number; host: string },
  options: ListenerOptions,
): Promise<Listener> {
  const server = new Listener(handle, options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

export async function drainListeners(servers: readonly Listener[]): Promise<void> {
  await Promise.all(servers.map((server) => server.drain()));
}

/**
 * RFC 9112, 3.2: with two Host lines, two readers on the way may use different ones. The parser does not
 * reject this.
 */
function hasOneHost({ rawHeaders }: IncomingMessage): boolean {
  let lines = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === 'host') lines += 1;
  return lines <= 1;
}

/**
 * RFC 9112, 3.2.2: an absolute URL in place of the path is accepted, and its authority replaces Host, which
 * is then verified like any other.
 */
function normalizeRequestPath(req: IncomingMessage): boolean {
  const [, authority, rest = ''] = /^https?:\/\/([^/?#]*)([^#]*)$/i.exec(req.url ?? '') ?? [];
  if (authority !== undefined) {
    req.headers.host = authority;
    req.url = rest.startsWith('/') ? rest : `/${rest}`;
  }
  return req.url !== undefined && req.url.startsWith('/') && URL.canParse(req.url, 'http://host');
}
