/** Errors outside the rules of a sign-in, as values from which a page can be made. */
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { RequestValue } from '../domain/requestValue.ts';
import { DamagedSeal, MissingRingKey } from '../domain/damagedSeal.ts';
import { RowMacMismatch } from '../domain/rowMac.ts';
import type { Texts } from './words/words.da.ts';

export type ErrorPageKind = keyof Texts['errorPages'];

export class HttpError extends Error {
  readonly statusCode: number;
  readonly kind: ErrorPageKind;

  constructor(statusCode: number, kind: ErrorPageKind) {
    super(kind);
    this.statusCode = statusCode;
    this.kind = kind;
  }
}

/** The form was not processed, and may be sent again. */
export type UnprocessedKind = Extract<ErrorPageKind, 'busy' | 'slowed' | 'unavailable'>;

const UNPROCESSED_KINDS: ReadonlySet<ErrorPageKind> = new Set<UnprocessedKind>([
  'busy',
  'slowed',
  'unavailable',
]);
const UNPROCESSED_STATUSES: ReadonlySet<number> = new Set([429, 503]);
const UNPROCESSED_FORM = new RequestValue<(why: UnprocessedKind) => VNode | null>(
  'the page of the form that was sent',
);

/**
 * For a form that took long to fill in. If the response is 429 or 503, this page replaces the general error
 * page: the same form with what was typed, never a password. It is rendered only from what was sent, because
 * the database may be unavailable.
 */
export function keepTypedForm(ctx: Context, page: (why: UnprocessedKind) => VNode | null): void {
  UNPROCESSED_FORM.set(ctx, page);
}

/** Returns null when no form was kept, or when sending it again is useless. */
export function findTypedForm(ctx: Context, { kind, statusCode }: HttpError): VNode | null {
  const page = UNPROCESSED_FORM.find(ctx);
  return page && UNPROCESSED_STATUSES.has(statusCode) && UNPROCESSED_KINDS.has(kind)
    ? page(kind as UnprocessedKind)
    : null;
}

/** After these a sign-in continues where it was; after the others it has to start again. */
export const RETRYABLE_KINDS: ReadonlySet<ErrorPageKind> = new Set([
  'busy',
  'slowed',
  'unavailable',
  'failed',
  'bad_form',
  'too_large',
]);

/**
 * Any error as an HttpError: an HttpError unchanged, status 503 as unavailable, other errors as an internal
 * one.
 */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const isDamaged = error instanceof DamagedSeal || error instanceof MissingRingKey;
  if (error instanceof RowMacMismatch || isDamaged) return new HttpError(500, 'mismatch');
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (status === 503) return new HttpError(503, 'unavailable');
  if (status === 409) return new HttpError(400, 'expired');
  if (typeof status === 'number' && status >= 400 && status < 500) return new HttpError(status, 'bad_form');
  return new HttpError(500, 'failed');
}
