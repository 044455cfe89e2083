/** Limits what is parsed before anything is known of the client: some parsers take quadratic time. */
import type { Middleware } from 'koa';
import { HttpError } from '../ui/httpError.ts';

const MAX_HEADER_LENGTH = 1_000;
const PARSED_HEADERS = [
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'content-type',
  'if-none-match',
  'range',
  'user-agent',
] as const;

/** A header that is longer than any client sends is treated as absent. */
export function limitHeaders(): Middleware {
  return async (ctx, next) => {
    const { headers } = ctx.req;
    for (const name of PARSED_HEADERS)
      if ((headers[name]?.length ?? 0) > MAX_HEADER_LENGTH) delete headers[name];
    await next();
  };
}

/** An authorization request has about thirty. */
const MAX_PARAMETERS = 200;

/** Koa scans all parameters once for each name. @throws HttpError (400) */
export function limitParameters(): Middleware {
  return async (ctx, next) => {
    if (ctx.querystring.split('&', MAX_PARAMETERS + 1).length > MAX_PARAMETERS) {
      // The error page reads the parameters too.
      ctx.querystring = '';
      throw new HttpError(400, 'bad_form');
    }
    await next();
  };
}
