/** Whatever is thrown becomes a calm page here, or JSON for programs; the log gets the cause, the page a number. */
import type { Context, Middleware } from 'koa';
import { WrongRow } from '../core/binding/rowMac.ts';
import type { Log } from '../platform/log.ts';
import type { OutageLog } from '../platform/outageLog.ts';
import { requestId } from './door.ts';
import { frameOf, issuerOf, sendPage, sendPlainPage } from './page.ts';
import { WrongHostPage } from './pages/plain.tsx';
import { TroublePage } from './pages/trouble.tsx';
import { asTrouble, CAN_TRY_AGAIN, Trouble, typedPage, type TroubleKind } from './trouble.ts';

/** Nobody is there to be answered; the status stands in the log alone. */
const CLIENT_CLOSED = 499;
const RETRY_AFTER_SECONDS = 2;
/** A network that was too fast gets one more try in about this time (core/rules.ts). */
const SLOWED_SECONDS = 20;

export function answerFaults(stylesheet: string, log: Log, outage: OutageLog): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw new Trouble(404, 'not_found');
    } catch (error) {
      const trouble = asTrouble(error);
      if (trouble.statusCode === CLIENT_CLOSED) {
        ctx.status = CLIENT_CLOSED;
        ctx.respond = false;
        return;
      }
      if (trouble.kind === 'unavailable') outage.note(error, { requestId: requestId(ctx) });
      else if (trouble.statusCode >= 500 && trouble.kind !== 'busy') {
        const alarm = error instanceof WrongRow ? error.message : 'a request failed';
        log.error({ err: error, requestId: requestId(ctx) }, alarm);
      }
      // Nothing of an answer that was begun may leave: no redirect, no cookie.
      for (const header of ['Location', 'Set-Cookie', 'WWW-Authenticate', 'Content-Length'])
        ctx.remove(header);
      if (trouble.statusCode === 503) ctx.set('Retry-After', String(RETRY_AFTER_SECONDS));
      if (trouble.statusCode === 429) ctx.set('Retry-After', String(SLOWED_SECONDS));
      ctx.status = trouble.statusCode;
      const typed = ctx.accepts('html', 'json') === 'json' ? null : typedPage(ctx, trouble);
      if (typed) sendPage(ctx, typed);
      else answer(ctx, stylesheet, trouble.kind);
    }
  };
}

/** @param kind also chosen by the engine's own errors, see app.ts. */
export function answer(ctx: Context, stylesheet: string, kind: TroubleKind): void {
  if (ctx.accepts('html', 'json') === 'json') {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { error: ctx.status === 503 ? 'temporarily_unavailable' : kind, request_id: requestId(ctx) };
    return;
  }
  if (kind === 'wrong_host') {
    const { t } = frameOf(ctx, stylesheet);
    return sendPlainPage(ctx, WrongHostPage({ t, issuer: issuerOf(ctx) }));
  }
  const onSignIn =
    /^\/login\/[^/]+$|^\/(block|session|activate)$|^\/desk(?!\/(callback|sign-out)$)(\/[a-z]+)*$/.test(
      ctx.path,
    );
  const canGoOn = onSignIn && CAN_TRY_AGAIN.has(kind);
  const tryAgain = canGoOn ? ctx.path : null;
  const page = {
    ...frameOf(ctx, stylesheet),
    languageSwitch: null,
    kind,
    requestId: requestId(ctx),
    tryAgain,
  };
  sendPage(ctx, TroublePage(page));
}
