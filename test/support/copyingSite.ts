/**
 * A site in the middle, as phishing kits are: it shows a person Nøgle's own pages at another address, relays
 * what they send, and keeps what comes back. Of what browsers tell, it changes all that it can.
 */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How it changes a page before it shows it. */
export type PageChange = (html: string) => string;

export class CopyingSite {
  readonly #server: Server;
  readonly #issuer: URL;
  readonly #hostname: string;
  /** The next pages are changed in this way too. */
  change: PageChange = (html) => html;
  /** Redirects to relying parties that it has seen, and did not pass on. */
  readonly #taken: URL[] = [];
  /** Forms with an answer of a security key that it has relayed. */
  assertions = 0;

  /** @param hostname as people see it; its address is the loopback */
  constructor(issuer: string, hostname: string) {
    this.#issuer = new URL(issuer);
    this.#hostname = hostname;
    this.#server = createServer((req, res) => void this.#relay(req, res));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get origin(): string {
    return `http://${this.#hostname}:${(this.#server.address() as AddressInfo).port}`;
  }

  get hostname(): string {
    return this.#hostname;
  }

  /** Authorization codes that it has, and the person has not. */
  get codes(): string[] {
    return this.#taken.flatMap(({ searchParams }) => searchParams.getAll('code'));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #relay(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await readAll(req);
    if (/(^|&)credential=[^&]/.test(body.toString())) this.assertions += 1;
    const { host: _host, origin, referer: _referer, 'content-length': _length, ...headers } = req.headers;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const upstream = request({
        host: '127.0.0.1',
        port: this.#issuer.port,
        method: req.method,
        path: req.url,
        headers: {
          ...headers,
          host: this.#issuer.host,
          ...(origin ? { origin: this.#issuer.origin } : {}),
          'accept-encoding': 'identity',
          'content-length': body.length,
        },
      });
      upstream.on('response', resolve).on('error', reject);
      upstream.end(body);
    });
    const { location, 'content-length': _size, ...rest } = answer.headers;
    const text = await readAll(answer);
    const isPage = rest['content-type']?.startsWith('text/html') ?? false;
    res.writeHead(answer.statusCode ?? 502, { ...rest, ...this.#redirect(location) });
    res.end(isPage ? this.change(this.#translate(text.toString())) : text);
  }

  /** A redirect to a relying party has what it is here for; the person gets a page that means nothing. */
  #redirect(location: string | undefined): { location?: string } {
    if (location === undefined) return {};
    const target = new URL(location, this.#issuer);
    if (target.origin === this.#issuer.origin) return { location: this.#translate(location) };
    this.#taken.push(target);
    return { location: `${this.origin}/health/live` };
  }

  #translate(text: string): string {
    return text.replaceAll(this.#issuer.origin, this.origin);
  }
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
