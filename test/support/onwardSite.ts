/**
 * A relying party whose addresses redirect further, as those of a broker do: to another origin, over two of
 * them, or into an application. And the check that a browser has arrived there.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import type { RelyingPartyInput } from '../../src/domain/relyingParty/relyingParty.ts';

/**
 * The last address of a browser: each is a path below `/cb` and `/bye`. `own-app` is not redirected, it is
 * the app's own address.
 */
export const DESTINATIONS = ['origin', 'origins', 'app', 'own-app'] as const;
export type Destination = (typeof DESTINATIONS)[number];

const APP = 'dk.example.app';
const ARRIVAL_MS = 8_000;

export class OnwardSite {
  readonly #servers: readonly Server[];

  private constructor(servers: readonly Server[]) {
    this.#servers = servers;
  }

  /** Three origins: the first is registered, only the site knows the others. */
  static async listen(): Promise<OnwardSite> {
    const servers = [0, 1, 2].map((at) =>
      createServer((req, res) => {
        req.resume();
        const { pathname, search } = new URL(req.url ?? '', 'http://site.invalid');
        const onward = at < 2 ? onwardOf(pathname, search, servers.slice(1).map(originOf)) : null;
        if (onward) return void res.writeHead(302, { location: onward }).end();
        res.writeHead(200, { 'content-type': 'text/html' }).end('<title>there</title>');
      }),
    );
    await Promise.all(
      servers.map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))),
    );
    return new OnwardSite(servers);
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  get registration(): Partial<RelyingPartyInput> {
    return {
      application_type: 'native',
      redirect_uris: DESTINATIONS.map((destination) => this.callback(destination)),
      post_logout_redirect_uris: DESTINATIONS.map((destination) => this.goodbye(destination)),
    };
  }

  callback(destination: Destination): string {
    return this.#address('cb', destination);
  }

  goodbye(destination: Destination): string {
    return this.#address('bye', destination);
  }

  #address(kind: string, destination: Destination): string {
    const [first] = this.#servers;
    if (!first) throw new Error('not listening');
    return destination === 'own-app' ? `${APP}:/${kind}/there` : `${originOf(first)}/${kind}/${destination}`;
  }
}

/** Where an address redirects; null where the browser stays. */
function onwardOf(pathname: string, search: string, [second = '', third = '']: string[]): string | null {
  const [, kind, place] = pathname.split('/');
  switch (place) {
    case 'origin':
      return `${second}/${kind}/there${search}`;
    case 'origins':
      return `${second}/${kind}/further${search}`;
    case 'further':
      return `${third}/${kind}/there${search}`;
    case 'app':
      return `${APP}:/${kind}/there${search}`;
    default:
      return null;
  }
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/**
 * Does something, and waits until the browser asks for the last address: it does not open that of an
 * application, but passes it to the system, which only the debugging protocol shows.
 * @returns the parameters of that address. @throws the browser's message when it does not get there
 */
export async function arriveBy(page: Page, act: () => Promise<void>): Promise<URLSearchParams> {
  const cdp = await page.context().newCDPSession(page);
  const logged: string[] = [];
  let late: NodeJS.Timeout | undefined;
  const arrived = new Promise<URLSearchParams>((resolve, reject) => {
    cdp.on('Network.requestWillBeSent', ({ request }) => {
      const { pathname, searchParams } = new URL(request.url);
      if (/^\/(cb|bye)\/there$/.test(pathname)) resolve(searchParams);
    });
    cdp.on('Log.entryAdded', ({ entry }) => logged.push(entry.text));
    late = setTimeout(
      () => reject(new Error(`still at ${new URL(page.url()).pathname}: ${logged.join(' ')}`)),
      ARRIVAL_MS,
    );
  });
  try {
    await Promise.all([cdp.send('Network.enable'), cdp.send('Log.enable')]);
    await act();
    return await arrived;
  } finally {
    clearTimeout(late);
    await cdp.detach();
  }
}
