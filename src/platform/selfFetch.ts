/**
 * Calls Nøgle's own public address over a connection to this node's listener: in production that address may
 * not be reachable from inside, and what nodes share is in the database anyway. The request is processed as
 * if it had come through the proxies.
 */
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface SelfFetchOptions {
  readonly issuer: string;
  /** The address on which this node listens; the loopback, if it listens on all. */
  readonly host: string;
  readonly port: number;
  readonly proxyHops: number;
  readonly timeoutMs: number;
}

interface SelfCall {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

export type SelfFetch = (url: string, call: SelfCall) => Promise<Response>;

/** The node did not respond to its own call: it is shutting down or overloaded. */
export class SelfUnavailable extends Error {
  readonly statusCode = 503;
}

export function createSelfFetch(options: SelfFetchOptions): SelfFetch {
  const { issuer, host, port, proxyHops, timeoutMs } = options;
  return async (url, { method, headers, body }) => {
    const { origin, host: publicHost, pathname, search } = new URL(url);
    if (origin !== issuer) throw new Error(`${origin} is not this Nøgle`);
    const sent = body === undefined || body === null ? '' : toBodyText(body);
    const fixedHeaders = {
      host: publicHost,
      'content-length': String(Buffer.byteLength(sent)),
      ...(proxyHops > 0 ? { 'x-forwarded-for': '127.0.0.1' } : {}),
    };
    const signal = AbortSignal.timeout(timeoutMs);
    const path = pathname + search;
    try {
      const response = await sendRequest(
        { host, port, method, path, signal, headers: { ...headers, ...fixedHeaders } },
        sent,
      );
      const bytes = await buffer(response);
      const responseHeaders = Object.entries(response.headers).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' ? [[name, value]] : [],
      );
      const content = bytes.length > 0 ? new Uint8Array(bytes) : null;
      return new Response(content, { status: response.statusCode ?? 502, headers: responseHeaders });
    } catch (cause) {
      throw new SelfUnavailable('this node did not answer itself', { cause });
    }
  };
}

async function sendRequest(options: RequestOptions, body: string): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    request(options, resolve).on('error', reject).end(body);
  });
}

function toBodyText(body: unknown): string {
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  throw new Error('only forms and text can be sent');
}
