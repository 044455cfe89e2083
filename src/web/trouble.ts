/** What went wrong outside the rules of a sign-in, as a value that a page can be made of. */
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { RequestValue } from '../core/input/requestValue.ts';
import { WrongRow } from '../core/binding/rowMac.ts';
import type { Texts } from './text/da.ts';

export type TroubleKind = keyof Texts['trouble'];

export class Trouble extends Error {
  readonly statusCode: number;
  readonly kind: TroubleKind;

  constructor(statusCode: number, kind: TroubleKind) {
    super(kind);
    this.statusCode = statusCode;
    this.kind = kind;
  }
}

/** Nobody looked at what was sent, and the same may be sent again. */
export type UnseenKind = Extract<TroubleKind, 'busy' | 'slowed' | 'unavailable'>;

const UNSEEN: ReadonlySet<TroubleKind> = new Set<UnseenKind>(['busy', 'slowed', 'unavailable']);
const UNSEEN_STATUS: ReadonlySet<number> = new Set([429, 503]);
const UNSEEN_FORM = new RequestValue<(why: UnseenKind) => VNode | null>('the page of the form that was sent');

/**
 * For a form that took long to fill in. If the answer turns out to be 429 or 503, it is this page in the place
 * of the one for all troubles: the same form with what was typed, never a password. Drawn from what was sent
 * alone: the database may be away.
 */
export function keepTyped(ctx: Context, page: (why: UnseenKind) => VNode | null): void {
  UNSEEN_FORM.set(ctx, page);
}

/** Null when there is nothing to give back, or no sense in sending it again. */
export function typedPage(ctx: Context, { kind, statusCode }: Trouble): VNode | null {
  const page = UNSEEN_FORM.find(ctx);
  return page && UNSEEN_STATUS.has(statusCode) && UNSEEN.has(kind) ? page(kind as UnseenKind) : null;
}

/** After these a sign-in goes on where it was; after the others it has to begin anew. */
export const CAN_TRY_AGAIN: ReadonlySet<TroubleKind> = new Set([
  'busy',
  'slowed',
  'unavailable',
  'failed',
  'bad_form',
  'too_large',
]);

/** Any error as trouble: ours as it is, what says 503 as out of service, the rest as our own fault. */
export function asTrouble(error: unknown): Trouble {
  if (error instanceof Trouble) return error;
  if (error instanceof WrongRow) return new Trouble(500, 'mismatch');
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (status === 503) return new Trouble(503, 'unavailable');
  if (status === 409) return new Trouble(400, 'expired');
  if (typeof status === 'number' && status >= 400 && status < 500) return new Trouble(status, 'bad_form');
  return new Trouble(500, 'failed');
}
