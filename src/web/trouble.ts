/** What went wrong outside the rules of a sign-in, as a value that a page can be made of. */
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
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (status === 503) return new Trouble(503, 'unavailable');
  if (status === 409) return new Trouble(400, 'expired');
  if (typeof status === 'number' && status >= 400 && status < 500) return new Trouble(status, 'bad_form');
  return new Trouble(500, 'failed');
}
