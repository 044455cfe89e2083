/** Takes connections, and lets go of them. */
import { Server, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Log } from './log.ts';
import { respondToUnreadable, isResponseStarted, type StaticPage } from './unreadableRequest.ts';

/**
 * Proxies keep connections for a minute, commonly, and use them again: one that a node closes first is closed just when a
 * request is on its way, now and then, and a person sees 502. So a node keeps them longer than its proxies do.
 */
const KEEP_ALIVE_SECONDS = 75;
/** Request line and headers: a `state` of 8 kB that came by way of several redirects, and the cookies of a parent domain. */
const HEADER_BYTES = 32 * 1024;
const UNREADABLE_EVENTS = { 'Content-Type': 'text/plain', 'Cross-Origin-Resource-Policy': 'same-origin' };
const DRAIN_MS = 10_000;

/**
 * What a connection may hold up. Nothing that people or programs send us is larger than 56 kB: in thirty
 * seconds a telephone at the edge of a cell has sent that, and what is slower is somebody who keeps
 * connections busy.
 */
export interface ListenerLimits {
  /** From the first byte of a request to its last. */
  readonly requestSeconds: number;
  /** The same of its headers. */
  readonly headersSeconds: number;
  /** At a time; those above are closed unanswered. */
  readonly connections: number;
}

export const DEFAULT_LIMITS: ListenerLimits = { requestSeconds: 30, headersSeconds: 30, connections: 10_000 };

/**
 * On a connection that is neither idle nor read from: an answer that nobody takes. No answer takes as long
 * to make.
 */
const STALLED_MS = 120_000;
/** Node looks each half minute, left alone: what may take thirty seconds would take a minute. */
const CHECK_MS = 2_000;
const DROPPED_LOG_MS = 60_000;

export interface ListenerOptions {
  readonly limits?: ListenerLimits | undefined;
  readonly keepAliveSeconds?: number;
  /** For a person whose browser brings more than is read. */
  readonly headersTooLarge?: StaticPage;
  readonly log?: Log;
}

/** A server that can be drained: no new connections, what runs is finished, what hangs is cut off in the end. */
export class Listener extends Server {
  readonly #answering = new Set<ServerResponse>();
  #isLeaving = false;

  constructor(handle: RequestListener, options: ListenerOptions = {}) {
    const { keepAliveSeconds = KEEP_ALIVE_SECONDS, headersTooLarge, log, limits = DEFAULT_LIMITS } = options;
    const timing = {
      keepAliveTimeout: keepAliveSeconds * 1_000,
      requestTimeout: limits.requestSeconds * 1_000,
      // Node takes none that is longer than that of the whole.
      headersTimeout: Math.min(limits.headersSeconds, limits.requestSeconds) * 1_000,
      connectionsCheckingInterval: Math.min(CHECK_MS, limits.requestSeconds * 500),
    };
    super({ ...timing, maxHeaderSize: HEADER_BYTES }, (req, res) => {
      this.#answering.add(res);
      res.on('close', () => this.#answering.delete(res));
      if (this.#isLeaving) res.setHeader('Connection', 'close');
      // Anything but a path (an asterisk, half an address) is no request for us, and no library takes it well.
      if (hasOneHost(req) && normalizeRequestPath(req)) handle(req, res);
      else res.writeHead(400, UNREADABLE_EVENTS).end('Bad Request');
    });
    this.maxConnections = limits.connections;
    this.setTimeout(STALLED_MS);
    this.#logDropped(limits, log);
    this.on('clientError', (error, socket) => {
      const isAnswering = isResponseStarted(this.#answering, socket);
      respondToUnreadable({ error, socket, isAnswering, headersTooLarge, log });
    });
  }

  /** Somebody has to know that people are turned away; once a minute is enough. */
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

  /** From now on each answer is the last of its connection: proxies make the next one elsewhere. */
  announceLeaving(): void {
    this.#isLeaving = true;
    for (const res of this.#answering) if (!res.headersSent) res.setHeader('Connection', 'close');
  }

  async drain(): Promise<void> {
    this.announceLeaving();
    const cut = setTimeout(() => this.closeAllConnections(), DRAIN_MS);
    // An answer that was begun before has promised to keep its connection.
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

/** RFC 9112, 3.2: of two lines, two readers on the way may believe different ones. None is refused by the parser. */
function hasOneHost({ rawHeaders }: IncomingMessage): boolean {
  let lines = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === 'host') lines += 1;
  return lines <= 1;
}

/**
 * RFC 9112, 3.2.2: a whole address in the place of the path is taken too, and its authority counts instead of Host, for
 * which it is judged like any other.
 */
function normalizeRequestPath(req: IncomingMessage): boolean {
  const [, authority, rest = ''] = /^https?:\/\/([^/?#]*)([^#]*)$/i.exec(req.url ?? '') ?? [];
  if (authority !== undefined) {
    req.headers.host = authority;
    req.url = rest.startsWith('/') ? rest : `/${rest}`;
  }
  return req.url !== undefined && req.url.startsWith('/') && URL.canParse(req.url, 'http://host');
}
