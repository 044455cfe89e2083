/** Logging out as a person and a relying party see it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { hiddenFields, type TestBrowser, type BrowserPage } from './browser.ts';
import {
  authRequest,
  keyFor,
  payloadOf,
  redeemCode,
  readReturnedCode,
  toKeyPage,
  type TokenResponse,
} from './flow.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';

export interface ReceivedLogout {
  readonly path: string;
  readonly token: string;
  readonly sub: unknown;
  readonly sid: unknown;
}

/** The servers of relying parties, one for each path, that receive log-out tokens. */
export class LogoutSite {
  readonly received: ReceivedLogout[] = [];
  /** Paths that accept the request and never answer. */
  readonly hanging = new Set<string>();
  /** Paths that answer 500. */
  readonly failing = new Set<string>();
  connections = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((req, res) => void this.#take(req, res));
    this.#server.on('connection', () => (this.connections += 1));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The log-outs received for one relying party. */
  at(path: string): ReceivedLogout[] {
    return this.received.filter((one) => one.path === path);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = req.url ?? '';
    const token = new URLSearchParams(await text(req)).get('logout_token') ?? '';
    if (this.hanging.has(path)) return;
    if (this.failing.has(path)) return void res.writeHead(500).end();
    const { sub, sid } = payloadOf(token);
    this.received.push({ path, token, sub, sid });
    res.writeHead(200).end();
  }
}

/** Signs in where that is asked for, and redeems the code. */
export async function tokensAt(
  nodes: Nodes,
  browser: TestBrowser,
  person: TestPerson,
  rp: TestRelyingParty,
  params: Record<string, string> = {},
): Promise<TokenResponse & { sid: unknown; sub: unknown }> {
  const request = authRequest(rp, params);
  let page = await browser.follow(request.path);
  if (page.page === 'password') {
    page = await toKeyPage(browser, person, request);
    page = await browser.send(page, { key: keyFor(person, page) });
  }
  if (page.page === 'consent') page = await browser.send(page, { accept: '1' });
  const tokens = await redeemCode(nodes, rp, readReturnedCode(page).get('code') ?? '', request.verifier);
  const { sid, sub } = payloadOf(tokens.id_token);
  return { ...tokens, sid, sub };
}

export function endPath(params: Record<string, string> = {}): string {
  return `/session/end?${new URLSearchParams(params)}`;
}

/** The answer to the confirm page, no redirect followed. */
export async function confirmLogout(
  browser: TestBrowser,
  page: BrowserPage,
  fields: Record<string, string> = { logout: 'yes' },
): Promise<BrowserPage> {
  if (page.page !== 'logout') throw new Error(`not asked, but ${page.page} (${page.status})`);
  const action = /action="([^"]+)"/.exec(page.text)?.[1] ?? '';
  return await browser.request(action, { form: { ...hiddenFields(page), ...fields } });
}

/** Confirms where asked; with an ID token of this very session nothing is asked. */
export async function logOut(
  browser: TestBrowser,
  params: Record<string, string> = {},
): Promise<BrowserPage> {
  const answer = await browser.request(endPath(params));
  return answer.page === 'logout' ? await confirmLogout(browser, answer) : answer;
}
