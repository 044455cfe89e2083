/**
 * HTTP calls to servers on the public internet. DNS rebinding does not circumvent the check: the addresses
 * that are checked are the ones connected to, and one address that is not public rejects the name. Redirects
 * are not followed.
 */
import { lookup, type LookupAddress } from 'node:dns';
import {
  Agent as HttpAgent,
  request as requestHttp,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { isSpecialAddress } from './specialAddresses.ts';

/** The signature of `lookup` in `node:dns`; tests pass their own. */
export type ResolveHost = (
  hostname: string,
  options: { readonly all: true; readonly family?: number | 'IPv4' | 'IPv6' | undefined },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface PublicCall {
  readonly method?: string | undefined;
  readonly headers?: RequestInit['headers'];
  readonly body?: RequestInit['body'];
  readonly signal?: AbortSignal | null | undefined;
}

/** @returns a fetch that throws for addresses that are not public. */
export function createPublicFetch(resolve: ResolveHost = lookup) {
  const options = { lookup: createPublicLookup(resolve), keepAlive: true };
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) };

  return async (url: URL, { method = 'GET', headers, body, signal }: PublicCall): Promise<Response> => {
    const { protocol, hostname } = url;
    if (protocol !== 'http:' && protocol !== 'https:') throw new Error(`${protocol} is not called`);
    assertPublicHost(hostname);
    const sent = await readBody(body);
    const request = protocol === 'https:' ? requestHttps : requestHttp;
    const pending = request(url, {
      method,
      agent: agents[protocol],
      headers: Object.fromEntries(new Headers(headers)),
      ...(signal ? { signal } : {}),
    });
    pending.end(sent);
    const response = await awaitResponse(pending);
    return toResponse(response);
  };
}

/** A host that is an IP address is not looked up, so it is checked here. @throws Error */
export function assertPublicHost(hostname: string): void {
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && isSpecialAddress(literal)) throw composePrivateAddressError(hostname);
}

/**
 * @throws for every outcome other than a response, so that the promise settles while the signal is still in
 *   effect.
 */
export async function awaitResponse(pending: ClientRequest): Promise<IncomingMessage> {
  return await new Promise((done, fail) => {
    pending.once('response', done);
    pending.once('error', fail);
    // A protocol switch is not a response. The socket has no owner then, and no other event follows.
    pending.once('upgrade', (_response, socket) => {
      socket.destroy();
      fail(new Error('the response switched protocols'));
    });
    pending.once('close', () => fail(new Error('there was no response')));
  });
}

/** @returns a look-up for connections that fails for addresses that are not public */
export function createPublicLookup(resolve: ResolveHost = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { all: true, family: options.family }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error) return callback(error, '');
      if (!first || addresses.some(({ address }) => isSpecialAddress(address))) {
        return callback(composePrivateAddressError(hostname), '');
      }
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

function composePrivateAddressError(hostname: string): Error {
  return new Error(`${hostname} is on a private network and its origin not on the list`);
}

/** The provider sends a form body or none. */
async function readBody(body: RequestInit['body']): Promise<Buffer | undefined> {
  if (body === undefined || body === null) return undefined;
  return Buffer.from(await new Response(body).arrayBuffer());
}

function toResponse(response: IncomingMessage): Response {
  const { statusCode: status = 500, headersDistinct } = response;
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const isEmpty = [204, 205, 304].includes(status);
  if (isEmpty) response.resume();
  const body = isEmpty ? null : (Readable.toWeb(response) as ReadableStream<Uint8Array>);
  return new Response(body, { status, headers });
}
