/**
 * What is taken apart before anything is known of who asks is bounded first: some parsers take the square of what
 * they are given.
 */
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

/** A header that is longer than any client sends is as good as absent. */
export function limitHeaders(): Middleware {
  return async (ctx, next) => {
    const { headers } = ctx.req;
    for (const name of PARSED_HEADERS)
      if ((headers[name]?.length ?? 0) > MAX_HEADER_LENGTH) delete headers[name];
    await next();
  };
}

/** Of an authorization request there are some thirty. */
const MAX_PARAMETERS = 200;

/** Koa looks through all parameters once for each name. @throws HttpError (400) */
export function limitParameters(): Middleware {
  return async (ctx, next) => {
    if (ctx.querystring.split('&', MAX_PARAMETERS + 1).length > MAX_PARAMETERS) {
      // The page that says so reads them, too.
      ctx.querystring = '';
      throw new HttpError(400, 'bad_form');
    }
    await next();
  };
}
