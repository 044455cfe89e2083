/**
 * The id of a request, by which its lines in the log, its error page and the proxy's own log are found. A
 * listed proxy may name it (`X-Request-Id`) and its trace (`traceparent`); what anyone else sends there is
 * ignored, or a stranger could write into the log under the number of another person's request. Both stay
 * here: what Nøgle sends to others carries neither.
 */
import { randomUUID } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { RequestValue } from '../domain/requestValue.ts';

/** The request's id, and the trace of a listed proxy, if it sent one. */
export interface RequestIds {
  readonly requestId: string;
  readonly traceId?: string;
}

const REQUEST_IDS = new RequestValue<RequestIds>('the ids of the request');

/** @param isTrustedProxy whether a peer of a connection is one of the operator's own proxies */
export function assignRequestId(isTrustedProxy: (address: string) => boolean): Middleware {
  return async (ctx, next) => {
    const isProxied = isTrustedProxy(ctx.req.socket.remoteAddress ?? '');
    const requestId = (isProxied && parseRequestId(ctx.get('X-Request-Id'))) || randomUUID();
    const traceId = isProxied ? parseTraceparent(ctx.get('traceparent')) : null;
    REQUEST_IDS.set(ctx, { requestId, ...(traceId && { traceId }) });
    ctx.set('X-Request-Id', requestId);
    await next();
  };
}

export function readRequestId(ctx: Context): string {
  return REQUEST_IDS.find(ctx)?.requestId ?? '';
}

/** Expects that the request has an id. */
export function readRequestIds(ctx: Context): RequestIds {
  return REQUEST_IDS.find(ctx) ?? { requestId: '' };
}

/**
 * Long enough to be unique, short enough for each line; letters, digits and the signs of the usual formats
 * (UUID, ULID, base64, HAProxy's, AWS's `Root=1-…`). Nothing that a log or a page would have to escape.
 */
const REQUEST_ID = /^[A-Za-z0-9._:;=+/@-]{16,128}$/;

/** @returns null for an id that cannot be used; two headers of the name arrive as one, with a comma. */
export function parseRequestId(header: string): string | null {
  return REQUEST_ID.test(header) ? header : null;
}

/** https://www.w3.org/TR/trace-context/#traceparent-header: a later version may append fields. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** @returns the trace id; null for a header that is not as the standard has it */
export function parseTraceparent(header: string): string | null {
  const [, version, traceId, more] = header.length > 256 ? [] : (TRACEPARENT.exec(header) ?? []);
  if (traceId === undefined || (version === '00' && more !== undefined)) return null;
  return traceId;
}
