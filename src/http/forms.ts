/**
 * Reads a posted form strictly: a malformed, oversized or wrongly encoded form is refused with 4xx, and so
 * is one with two values for a name. The same value again is no other form: a client may send the hidden
 * fields of all forms of a page. What people paste into a field is normalized (domain/input/typedText.ts),
 * and the field shows what it cannot read.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import rawBody from 'raw-body';
import { RequestValue } from '../domain/requestValue.ts';
import { readLine } from '../domain/input/typedText.ts';
import { HttpError } from '../ui/httpError.ts';

const BODY_LIMIT = 100 * 1024;
const FIELD_LIMIT = 2_000;
/** What a browser answers for a security key is long: an attestation has certificates in it. */
const LONG_FIELD = { name: 'credential', limit: 16_000 } as const;
const PASSWORD_FIELDS: ReadonlySet<string> = new Set(['password', 'currentPassword']);

export type PostedForm = ReadonlyMap<string, string>;

const READ = new RequestValue<Promise<PostedForm>>('the form that was sent');

/**
 * Reads the body of a request once, regardless of how many callers ask for it.
 * @throws HttpError (400, 413, 415)
 */
export async function readForm(ctx: Context): Promise<PostedForm> {
  const before = READ.find(ctx);
  if (before) return await before;
  const reading = readBody(ctx.req);
  READ.set(ctx, reading);
  return await reading;
}

async function readBody(req: IncomingMessage): Promise<PostedForm> {
  return parseForm(await readEncoded(req, BODY_LIMIT));
}

/** @returns the bytes of a posted form, one per character. @throws HttpError (400, 413, 415) */
export async function readEncoded(req: IncomingMessage, limit: number): Promise<string> {
  const [type, ...parameters] = (req.headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (type !== 'application/x-www-form-urlencoded') throw new HttpError(415, 'bad_form');
  const charset = parameters.find((one) => one.startsWith('charset='));
  if (charset && !/^charset="?utf-8"?$/.test(charset)) throw new HttpError(415, 'bad_form');
  if (req.headers['content-encoding']) throw new HttpError(415, 'bad_form');

  const body = await rawBody(req, { limit, length: req.headers['content-length'] ?? null }).catch(
    (error: { type?: string }) => {
      throw error.type === 'entity.too.large'
        ? new HttpError(413, 'too_large')
        : new HttpError(400, 'bad_form');
    },
  );
  return body.toString('latin1');
}

/** @param body the bytes, one per character. @throws HttpError (400, 413) */
export function parseForm(body: string): PostedForm {
  const form = new Map<string, string>();
  for (const pair of body === '' ? [] : body.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    const key = decodeFormText(name);
    const value = readValue(key, decodeFormText(rest.join('=')));
    if (form.has(key) && form.get(key) !== value) throw new HttpError(400, 'bad_form');
    if (value.length > (key === LONG_FIELD.name ? LONG_FIELD.limit : FIELD_LIMIT))
      throw new HttpError(413, 'too_large');
    form.set(key, value);
  }
  return form;
}

function decodeFormText(text: string): string {
  // Only percent-encoded UTF-8: a stray percent sign or byte is an error.
  if (/[^\x20-\x7e]/.test(text)) throw new HttpError(400, 'bad_form');
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new HttpError(400, 'bad_form');
  }
}

/**
 * A password is never normalized here: characters that cannot be in one are reported at its field
 * (domain/signIn/password.ts).
 */
function readValue(name: string, typed: string): string {
  return PASSWORD_FIELDS.has(name) ? typed : readLine(typed);
}

/** Compares in a time that does not depend on where the texts differ. */
export function isSameText(a: string, b: string): boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(a), digest(b));
}

/** A field that the form must have. @throws HttpError (400) */
export function requireField(form: PostedForm, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw new HttpError(400, 'bad_form');
  return value;
}
