/**
 * Two hosts of one domain over TLS, as a browser sees them: Nøgle's in front of the nodes of a suite, and
 * another on which an attacker sets cookies for the whole domain. Any other host is a relying party with an
 * empty answer.
 */
import { createServer, type Server } from 'node:https';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Nodes } from './nodes.ts';
import { selfSigned } from './selfSigned.ts';

export class SiblingSites {
  readonly #server: Server;
  readonly #nodes: Nodes;
  readonly #planted = new Map<string, readonly string[]>();
  #turn = 0;

  private constructor(nodes: Nodes) {
    this.#nodes = nodes;
    const options = { ...selfSigned(new URL(nodes.issuer).host), maxHeaderSize: 65_536 };
    this.#server = createServer(options, (req, res) => this.#answer(req, res));
  }

  static async listen(nodes: Nodes): Promise<SiblingSites> {
    const sites = new SiblingSites(nodes);
    await new Promise<void>((resolve) => sites.#server.listen(0, '127.0.0.1', resolve));
    return sites;
  }

  /** For Chromium: every name resolves to this server. */
  get resolverRules(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `MAP * 127.0.0.1:${port}`;
  }

  get domain(): string {
    return new URL(this.#nodes.issuer).host.replace(/^[^.]+\./, '');
  }

  /** A page on the sibling that sets these cookies. @param lines as in `Set-Cookie` @returns its address */
  plant(lines: readonly string[]): string {
    const path = `/plant/${this.#planted.size}`;
    this.#planted.set(path, lines);
    return `https://evil.${this.domain}${path}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    if (req.headers.host === new URL(this.#nodes.issuer).host) return this.#pass(req, res);
    const lines = req.headers.host === `evil.${this.domain}` ? this.#planted.get(req.url ?? '') : undefined;
    if (lines) res.setHeader('set-cookie', lines);
    res.setHeader('content-type', 'text/html');
    res.end('<title>elsewhere</title>elsewhere');
  }

  #pass(req: IncomingMessage, res: ServerResponse): void {
    const headers = { ...req.headers, 'x-forwarded-for': '203.0.113.9' };
    const { port } = this.#nodes.node(this.#turn++);
    const { method, url: path } = req;
    const passed = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    passed.on('error', () => res.destroy());
    req.pipe(passed);
  }
}
