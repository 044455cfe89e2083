/** The address in DATABASE_URL: it moves from one server to the other, as that of a cluster does. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class ConnectionProxy {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #port: number | null = null;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<ConnectionProxy> {
    const server = createServer({ noDelay: true });
    const way = new ConnectionProxy(server);
    server.on('connection', (client) => way.#join(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return way;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Forwards new connections to this port; open ones stay with their server. */
  forward(port: number | null): void {
    this.#port = port;
  }

  /** Cuts every open connection. @returns how many */
  cut(): number {
    const many = this.#open.size / 2;
    for (const socket of this.#open) socket.destroy();
    return many;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    client.on('error', () => undefined);
    if (this.#port === null) return void client.destroy();
    const upstream = connect(this.#port, '127.0.0.1').setNoDelay(true);
    upstream.on('error', () => undefined);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#open.add(one);
      one.on('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
