/**
 * Turns every error into a calm page, or into JSON for programs; the log gets the cause, the page a request
 * id.
 */
import type { Context, Middleware } from 'koa';
import { DamagedSeal } from '../domain/damagedSeal.ts';
import { RowMacMismatch } from '../domain/rowMac.ts';
import type { ReportEvent } from '../domain/securityEvent.ts';
import { TamperedRow } from '../domain/tamperedRow.ts';
import type { Log } from '../platform/log.ts';
import type { OutageLog } from '../platform/outageLog.ts';
import { readRequestId } from './requestId.ts';
import { composePageFrame, composeSwitchElsewhere, sendPage, sendPlainPage } from '../ui/page.ts';
import { WrongHostPage } from '../ui/pages/plain.page.tsx';
import { ErrorPage } from '../ui/pages/error.page.tsx';
import { findWayOn } from './wayOn.ts';
import { toHttpError, HttpError, findTypedForm, type ErrorPageKind } from '../ui/httpError.ts';

/** The client has disconnected; the status is only logged. */
const CLIENT_CLOSED_STATUS = 499;
const RETRY_AFTER_SECONDS = 2;
/** A throttled network gets another attempt in about this time (domain/rules.ts). */
const THROTTLED_SECONDS = 20;

interface ErrorHandling {
  readonly stylesheet: string;
  readonly log: Log;
  readonly report: ReportEvent;
  readonly outage: OutageLog;
  /** Whether a path is answered with a page: then a form that was posted to it can be opened again. */
  readonly hasPage: (path: string) => boolean;
}

export function handleErrors({ stylesheet, log, report, outage, hasPage }: ErrorHandling): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw new HttpError(404, 'not_found');
    } catch (error) {
      const httpError = toHttpError(error);
      if (httpError.statusCode === CLIENT_CLOSED_STATUS) {
        ctx.status = CLIENT_CLOSED_STATUS;
        ctx.respond = false;
        return;
      }
      if (httpError.kind === 'unavailable') outage.report(error, { requestId: readRequestId(ctx) });
      else if (error instanceof DamagedSeal) {
        log.error({ cause: error.message, requestId: readRequestId(ctx) }, 'a request met a damaged row');
      } else if (httpError.statusCode >= 500 && httpError.kind !== 'busy') {
        const alarm = error instanceof RowMacMismatch ? error.message : 'a request failed';
        log.error({ err: error, requestId: readRequestId(ctx) }, alarm);
      }
      if (error instanceof TamperedRow) report({ kind: 'row_tampered', ...error.about });
      // Nothing of a response that was started may be sent: no redirect, no cookie.
      for (const header of ['Location', 'Set-Cookie', 'WWW-Authenticate', 'Content-Length'])
        ctx.remove(header);
      if (httpError.statusCode === 503) ctx.set('Retry-After', String(RETRY_AFTER_SECONDS));
      if (httpError.statusCode === 429) ctx.set('Retry-After', String(THROTTLED_SECONDS));
      ctx.status = httpError.statusCode;
      const typed = ctx.accepts('html', 'json') === 'json' ? null : findTypedForm(ctx, httpError);
      if (typed) sendPage(ctx, typed);
      else sendErrorPage(ctx, stylesheet, httpError.kind, hasPage);
    }
  };
}

/** @param kind also chosen for the provider's errors, see features/sessions/providerPages.ts. */
export function sendErrorPage(
  ctx: Context,
  stylesheet: string,
  kind: ErrorPageKind,
  hasPage: (path: string) => boolean = () => false,
): void {
  if (ctx.accepts('html', 'json') === 'json') {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = {
      error: ctx.status === 503 ? 'temporarily_unavailable' : kind,
      request_id: readRequestId(ctx),
    };
    return;
  }
  if (kind === 'wrong_host') {
    return sendPlainPage(ctx, WrongHostPage(composePageFrame(ctx, stylesheet)));
  }
  const page = {
    ...composePageFrame(ctx, stylesheet),
    languageSwitch: composeSwitchElsewhere(ctx),
    kind,
    requestId: readRequestId(ctx),
    ...findWayOn(ctx, kind, hasPage),
  };
  sendPage(ctx, ErrorPage(page));
}
