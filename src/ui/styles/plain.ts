/**
 * The style of self-contained pages, for which no file can be loaded. Inline in HTML: without < > & and
 * quotes. It looks like the other pages, as far as the browser's own font goes.
 */
import { createHash } from 'node:crypto';

export const PLAIN_STYLE = [
  ':root{color-scheme:light dark;--ink:#0b2a3c;--blue:#0b4a6f;--back:#eaf0f4;--ground:#fff;--line:#c9d6df;--on:#fff}',
  '@media(prefers-color-scheme:dark){:root{--ink:#f2f6f9;--blue:#93cdf2;--back:#0b1116;--ground:#12191f;--line:#465764;--on:#12191f}}',
  '*{box-sizing:border-box}',
  'body{margin:0;background:var(--back);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:break-word}',
  'header{padding:.75rem 1rem;background:#0b3a57;color:#fff;font-size:1.5rem;font-weight:600;text-align:center}',
  'main{max-width:38rem;margin:1.5rem auto;padding:1.5rem 2rem 2.5rem;background:var(--ground);border:1px solid var(--line);border-radius:12px}',
  'h1{margin:0 0 1rem;font-size:1.75rem;line-height:1.2;color:var(--ink)}',
  'a{display:inline-block;padding:.625rem 0;color:var(--blue)}',
  'a.button{padding:.625rem 1.5rem;background:var(--blue);border-radius:8px;color:var(--on);font-weight:600;text-decoration:none}',
  'a:focus{outline:3px solid currentColor;outline-offset:2px}',
  'hr{margin:2.5rem 0;border:0;border-top:1px solid var(--line)}',
  '@media(max-width:40rem){body{background:var(--ground)}main{margin:0;border:0;padding:1.5rem 1rem}}',
].join('');

const HASH = createHash('sha256').update(PLAIN_STYLE).digest('base64');

/** Allows only that style. */
export const PLAIN_POLICY = `default-src 'none'; style-src 'sha256-${HASH}'; frame-ancestors 'none'; base-uri 'none'`;
