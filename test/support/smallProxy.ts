/**
 * Forwards requests in rotation to the nodes that report ready. Only a request whose connection was refused,
 * of which nothing was sent, goes to another node, as with every proxy. Nothing else is repeated, not even a
 * GET.
 */
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { waitUntil } from './waiting.ts';

const CHECK_EVERY_MS = 100;
const CHECK_MS = 2_000;

export class SmallProxy {
  readonly name = 'a small proxy';
  /** `NOEGLE_LEAVE_SECONDS`: longer than two checks. */
  readonly leaveSeconds = '1';
  readonly #server: Server;
  /** How many requests each node has answered. */
  readonly served: number[];
  readonly #ready = new Set<number>();
  readonly #asking: NodeJS.Timeout;
  #next = 0;

  constructor(ports: readonly number[]) {
    this.served = ports.map(() => 0);
    this.#asking = setInterval(() => void Promise.all(ports.map((port) => this.#ask(port))), CHECK_EVERY_MS);
    this.#server = createServer((req, res) => void this.#hand(req, res, ports));
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  async countServed(): Promise<number[]> {
    return await Promise.resolve([...this.served]);
  }

  /** Resolves when all nodes get requests. */
  async takesTurns(): Promise<void> {
    await waitUntil('all nodes are ready', () => this.#ready.size === this.served.length);
  }

  async #ask(port: number): Promise<void> {
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`, {
      signal: AbortSignal.timeout(CHECK_MS),
    }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) this.#ready.add(port);
    else this.#ready.delete(port);
  }

  async close(): Promise<void> {
    clearInterval(this.#asking);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #hand(req: IncomingMessage, res: ServerResponse, ports: readonly number[]): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const first = this.#next++;
    const ready = ports.filter((port) => this.#ready.has(port));
    // Where none is ready, the asked node answers so.
    const inTurn = ready.length > 0 ? ready : ports;
    const tryNode = (turn: number): void => {
      const port = inTurn[(first + turn) % inTurn.length];
      const headers = { ...req.headers, connection: 'close', 'x-forwarded-for': '203.0.113.7' };
      const options = { host: '127.0.0.1', port, method: req.method, path: req.url, headers, agent: false };
      const upstream = httpRequest(options, (answer) => {
        const index = ports.indexOf(port ?? 0);
        this.served[index] = (this.served[index] ?? 0) + 1;
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      });
      upstream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' && turn + 1 < inTurn.length) return tryNode(turn + 1);
        if (res.headersSent) return void res.destroy();
        res.writeHead(502).end(error.message);
      });
      upstream.end(Buffer.concat(chunks));
    };
    tryNode(0);
  }
}
