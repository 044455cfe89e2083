/** Takes connections, and lets go of them. */
import { Server, type RequestListener, type ServerResponse } from 'node:http';

/**
 * Proxies keep connections for a minute, commonly, and use them again: one that a node closes first is closed just when a
 * request is on its way, now and then, and a person sees 502. So a node keeps them longer than its proxies do.
 */
const KEEP_ALIVE_SECONDS = 75;
const DRAIN_MS = 10_000;

/** A server that can be drained: no new connections, what runs is finished, what hangs is cut off in the end. */
export class Listener extends Server {
  readonly #answering = new Set<ServerResponse>();
  #isLeaving = false;

  constructor(handle: RequestListener, keepAliveSeconds = KEEP_ALIVE_SECONDS) {
    super({ keepAliveTimeout: keepAliveSeconds * 1_000 }, (req, res) => {
      this.#answering.add(res);
      res.on('close', () => this.#answering.delete(res));
      if (this.#isLeaving) res.setHeader('Connection', 'close');
      // Anything but a path (another site's address, an asterisk) is no request for us, and no library takes it well.
      if (req.url?.startsWith('/') && URL.canParse(req.url, 'http://host')) handle(req, res);
      else res.writeHead(400, { 'Content-Type': 'text/plain' }).end('Bad Request');
    });
  }

  /** From now on each answer is the last of its connection: proxies make the next one elsewhere. */
  leave(): void {
    this.#isLeaving = true;
    for (const res of this.#answering) if (!res.headersSent) res.setHeader('Connection', 'close');
  }

  async drain(): Promise<void> {
    this.leave();
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

export async function listen(
  handle: RequestListener,
  port: number,
  host: string,
  keepAliveSeconds?: number,
): Promise<Listener> {
  const server = new Listener(handle, keepAliveSeconds);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

export async function drain(servers: readonly Listener[]): Promise<void> {
  await Promise.all(servers.map((server) => server.drain()));
}
