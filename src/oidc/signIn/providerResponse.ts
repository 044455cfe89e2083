/**
 * The provider's response, produced within the exchange of a form. The provider's own route produces code,
 * response mode and `iss`; the result can be sent, stored for the same form, or discarded.
 */
import type { Context, Next } from 'koa';
import type { PendingRequest } from '../../domain/signIn/pendingRequest.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { withdrawInteractionAnswer } from './interactionCookie.ts';

type ResponseHeaders = Readonly<Record<string, string | string[]>>;

/** Status, body, and the headers that the provider added. */
export interface ProviderResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
}

export interface PendingProviderResponse {
  readonly answer: ProviderResponse;
  /** Removes the response from this exchange again. */
  readonly withdraw: () => void;
  /** Sends the response and writes nothing: the request stays pending for another browser. */
  readonly keepPending: () => void;
  /** Sends the response and writes nothing: this browser forgets the request. */
  readonly writeNothing: () => void;
}

interface ResumedInteraction extends Pick<PendingRequest, 'id' | 'resumeUrl'> {
  readonly resumeCookie: string;
}

/** @throws the fault with which the provider would have responded */
export async function makeProviderResponse(
  ctx: Context,
  next: Next,
  { id, resumeUrl, resumeCookie }: ResumedInteraction,
): Promise<PendingProviderResponse> {
  const before = readResponseHeaders(ctx);
  await runAsGet(ctx, { path: new URL(resumeUrl).pathname, cookie: `${resumeCookie}=${id}` }, next);
  const { fault } = requireUnitOfWork();
  if (fault) throw fault;
  const after = readResponseHeaders(ctx);
  const headers = Object.fromEntries(
    Object.entries(after).filter(([name, value]) => String(before[name]) !== String(value)),
  );
  const answer = { status: ctx.status, headers, body: typeof ctx.body === 'string' ? ctx.body : '' };
  return {
    answer,
    withdraw: () => {
      ctx.body = null;
      for (const name of Object.keys(headers)) ctx.remove(name);
      for (const [name, value] of Object.entries(before)) ctx.set(name, value);
      withdrawInteractionAnswer(id);
      requireUnitOfWork().authorizationEvent = null;
    },
    keepPending: () => {
      withdrawInteractionAnswer(id);
      requireUnitOfWork().discardRecords();
    },
    writeNothing: () => requireUnitOfWork().discardRecords(),
  };
}

export function sendProviderResponse(ctx: Context, { status, headers, body }: ProviderResponse): void {
  ctx.status = status;
  ctx.body = body;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
}

/** The resume cookie has another path, so the browser did not send it with the form. */
async function runAsGet(ctx: Context, { path, cookie }: { path: string; cookie: string }, next: Next) {
  const { method, url } = ctx;
  const sent = ctx.req.headers.cookie;
  ctx.method = 'GET';
  ctx.url = path;
  ctx.req.headers.cookie = sent === undefined ? cookie : `${cookie}; ${sent}`;
  try {
    await next();
  } finally {
    ctx.method = method;
    ctx.url = url;
    if (sent === undefined) delete ctx.req.headers.cookie;
    else ctx.req.headers.cookie = sent;
  }
}

function readResponseHeaders(ctx: Context): ResponseHeaders {
  const entries = Object.entries(ctx.res.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value : String(value)] as const],
  );
  return Object.fromEntries(entries);
}
