/**
 * Responds to what cannot be parsed as a request. It never reaches the app: the response is written to the
 * socket and the connection closed. Nothing of its content is repeated or logged, because it may be anything.
 */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from './log.ts';

export interface StaticPage {
  readonly html: string;
  readonly policy: string;
}

/** By the parser's error codes; all others are a malformed request (400). */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
/**
 * Longer than a sender needs to send the rest; a connection that is closed immediately may lose the response.
 */
const CLOSE_DELAY_MS = 1_000;

interface UnreadableRequest {
  readonly error: NodeJS.ErrnoException;
  readonly socket: Duplex;
  /** A response to an earlier request on the same connection is being sent. */
  readonly isAnswering: boolean;
  readonly unreadablePages: Readonly<Record<number, StaticPage>> | undefined;
  readonly log: Log | undefined;
}

export function respondToUnreadable({
  error,
  socket,
  isAnswering,
  unreadablePages,
  log,
}: UnreadableRequest): void {
  const { code = '' } = error;
  const isMalformed = code.startsWith('HPE_') || code.startsWith('ERR_HTTP_');
  if (!isMalformed || !socket.writable || isAnswering) {
    log?.debug({ code }, 'a connection ended');
    socket.destroy();
    return;
  }
  const status = STATUS_BY_CODE[code] ?? 400;
  if (status === 431) log?.info({ status }, 'a request with more headers than are read');
  else log?.debug({ status, code }, 'a request that could not be read');
  socket.on('error', () => socket.destroy());
  socket.end(composeRawResponse(status, unreadablePages?.[status]));
  socket.resume();
  setTimeout(() => socket.destroy(), CLOSE_DELAY_MS).unref();
}

function composeRawResponse(status: number, page: StaticPage | undefined): string {
  const body = page?.html ?? `${STATUS_CODES[status] ?? ''}\n`;
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Referrer-Policy: no-referrer',
    'Cross-Origin-Resource-Policy: same-origin',
    ...(page ? [`Content-Security-Policy: ${page.policy}`] : []),
    `Content-Type: text/${page ? 'html' : 'plain'}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}

/** Whether a response on this socket has started, where more bytes would be read as part of it. */
export function isResponseStarted(answering: Iterable<ServerResponse>, socket: Duplex): boolean {
  for (const res of answering) if (res.socket === socket && res.headersSent) return true;
  return false;
}
