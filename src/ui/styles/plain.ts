/**
 * The style of self-contained pages, for which no file can be loaded. Inline in HTML: without < > & and
 * quotes.
 */
import { createHash } from 'node:crypto';

export const PLAIN_STYLE = [
  ':root{color-scheme:light dark}',
  'body{max-width:34rem;margin:3rem auto;padding:0 1.5rem;font:1.125rem/1.5 system-ui,sans-serif}',
  'h1{font-size:1.75rem;line-height:1.25;margin:2rem 0 1rem}',
  'hr{margin:2.5rem 0;border:0;border-top:1px solid #8a94a0}',
  'a{color:LinkText}',
  '.noegle-plain-name{font-weight:700;font-size:1.5rem}',
].join('');

const HASH = createHash('sha256').update(PLAIN_STYLE).digest('base64');

/** Allows only that style. */
export const PLAIN_POLICY = `default-src 'none'; style-src 'sha256-${HASH}'; frame-ancestors 'none'; base-uri 'none'`;
