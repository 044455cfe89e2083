/** A proxy to the database that can be cut, hung, slow, or cut just after a statement was executed. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class CutProxy {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #mode: 'open' | 'cut' | 'hang' = 'open';
  /** Cuts a connection when the answer to a statement with this text is on its way back. */
  #cutAnswerTo: string | null = null;
  #delayMs = 0;
  port = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(host: string, port: number): Promise<CutProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new CutProxy(server);
    server.on('connection', (client) => proxy.#join(client, host, port));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    proxy.port = address.port;
    return proxy;
  }

  /** In front of the server that all suites share. */
  static async toDatabase(): Promise<CutProxy> {
    const { hostname, port } = new URL(process.env['NOEGLE_TEST_SERVER'] ?? '');
    return await CutProxy.to(hostname, Number(port || 5432));
  }

  url(original: string): string {
    const url = new URL(original);
    url.host = `127.0.0.1:${this.port}`;
    // Over the loopback, also where the others use a Unix socket.
    url.searchParams.delete('host');
    return url.href;
  }

  cut(): void {
    this.#mode = 'cut';
    for (const [client, upstream] of this.#pairs) {
      client.destroy();
      upstream.destroy();
    }
  }

  /** Accepts connections and bytes, answers nothing. */
  hang(): void {
    this.#mode = 'hang';
  }

  /** From now on each answer takes so much longer; 0 ends it. */
  delayAnswers(ms: number): void {
    this.#delayMs = ms;
  }

  restore(): void {
    this.#mode = 'open';
    for (const [client, upstream] of this.#pairs) {
      client.resume();
      upstream.resume();
    }
  }

  loseAnswerTo(statement: string): void {
    this.#cutAnswerTo = statement;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, host: string, port: number): void {
    client.on('error', () => undefined);
    if (this.#mode === 'cut') return void client.destroy();
    const upstream = connect(port, host).setNoDelay(true);
    upstream.on('error', () => client.destroy());
    const pair: [Socket, Socket] = [client, upstream];
    this.#pairs.add(pair);
    let loseNext = false;
    client.on('data', (chunk: Buffer) => {
      if (this.#mode === 'hang') return;
      if (this.#cutAnswerTo && chunk.includes(this.#cutAnswerTo)) {
        this.#cutAnswerTo = null;
        loseNext = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (this.#mode === 'hang') return;
      // The statement was executed and committed; the client never learns of it.
      if (loseNext) return void client.destroy();
      if (this.#delayMs === 0) client.write(chunk);
      else setTimeout(() => client.write(chunk), this.#delayMs);
    });
    const part = () => {
      client.destroy();
      upstream.destroy();
      this.#pairs.delete(pair);
    };
    client.on('close', part);
    upstream.on('close', part);
  }
}
