/**
 * What is taken apart before anything is known of who asks is bounded first: some parsers take the square of what
 * they are given.
 */
import type { Middleware } from 'koa';
import { Trouble } from '../trouble.ts';

const MOST_OF_HEADER = 1_000;
const TAKEN_APART = [
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
export function boundHeaders(): Middleware {
  return async (ctx, next) => {
    const { headers } = ctx.req;
    for (const name of TAKEN_APART) if ((headers[name]?.length ?? 0) > MOST_OF_HEADER) delete headers[name];
    await next();
  };
}

/** Of an authorization request there are some thirty. */
const MOST_PARAMETERS = 200;

/** Koa looks through all parameters once for each name. @throws Trouble (400) */
export function boundParameters(): Middleware {
  return async (ctx, next) => {
    if (ctx.querystring.split('&', MOST_PARAMETERS + 1).length > MOST_PARAMETERS) {
      // The page that says so reads them, too.
      ctx.querystring = '';
      throw new Trouble(400, 'bad_form');
    }
    await next();
  };
}
