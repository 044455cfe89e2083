/**
 * Requests to a chosen node, by supertest: two nodes are behind one issuer, regardless of the address.
 * Redirects are not followed, no status is an error, and nothing is kept from one request to the next.
 */
import { Agent, type IncomingHttpHeaders } from 'node:http';
import supertest from 'supertest';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** An answer with its request. */
export interface ObservedAnswer extends HttpAnswer {
  readonly method: string;
  readonly path: string;
  readonly ms: number;
}

/** A node, or a port of this computer. With an issuer, its host is sent in the `Host` header. */
export interface Target {
  readonly port: number;
  readonly issuer?: string;
  /** The address of this computer from which it is sent, such as 127.0.5.7: the proxy sees it. */
  readonly from?: string;
  /** How long an answer is waited for, in milliseconds; half a minute unless given. */
  readonly answerMs?: number;
  /** Called with each answer. */
  readonly observe?: (answer: ObservedAnswer) => void;
}

const connections = new Agent({ keepAlive: true, maxSockets: 400 });
/** Connections of each address other than the usual one. */
const connectionsFrom = new Map<string, Agent>();
const ANSWER_MS = 30_000;

/** `await request(node).get('/me').set({ accept: 'text/html' })`; it is sent when it is awaited. */
export function request(target: Target) {
  return {
    get: (path: string) => build(target, 'GET', path),
    head: (path: string) => build(target, 'HEAD', path),
    options: (path: string) => build(target, 'OPTIONS', path),
    post: (path: string) => build(target, 'POST', path),
    with: (method: string, path: string) => build(target, method, path),
  };
}

/**
 * Encodes the fields of a form as a browser does: for bodies that are changed by hand, and for requests over
 * sockets.
 */
export function encodeForm(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const;

export function closeConnections(): void {
  for (const one of [connections, ...connectionsFrom.values()]) one.destroy();
}

function connectionsOf(from: string | undefined): Agent {
  if (from === undefined) return connections;
  const found = connectionsFrom.get(from) ?? new Agent({ keepAlive: true, localAddress: from });
  connectionsFrom.set(from, found);
  return found;
}

function build(target: Target, method: string, path: string): supertest.Test {
  const { port, issuer, from, answerMs = ANSWER_MS, observe } = target;
  checkPath(path);
  const sent = new supertest.Test(`http://127.0.0.1:${port}`, method, path);
  sent.agent(connectionsOf(from)).unset('accept-encoding').timeout(answerMs);
  sent.ok(() => true).parse(readText);
  // An answer to HEAD is not read at all.
  const startedAt = performance.now();
  sent.on('response', (answer: Pick<HttpAnswer, 'status' | 'headers'> & { text?: string }) => {
    const text = (answer.text ??= '');
    const { status, headers } = answer;
    observe?.({ method, path, status, headers, text, ms: Math.round(performance.now() - startedAt) });
  });
  return issuer === undefined ? sent : sent.set('host', new URL(issuer).host);
}

/** @throws for an address that the library would rewrite: that needs a raw socket */
function checkPath(path: string): void {
  // Segments of dots are sent unchanged.
  const plain = path.replaceAll(/\.|%2e/gi, '_');
  const { pathname, search } = new URL(`http://127.0.0.1${plain}`);
  if (pathname + search !== plain) throw new Error(`${path} would be sent as ${pathname}${search}`);
}

/** A page, JSON or a file: as text. */
function readText(answer: supertest.Response, done: (error: Error | null, body: unknown) => void): void {
  let text = '';
  answer.setEncoding('utf8');
  answer.on('data', (part: string) => (text += part));
  answer.on('end', () => {
    answer.text = text;
    done(null, {});
  });
}
