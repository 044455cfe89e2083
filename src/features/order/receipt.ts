/**
 * What the page after an order tells: a reference that can be said on the telephone, and when the letters
 * come. All of it is the same for a person who has an ID: the reference is derived from the form, and the
 * days from the calendar.
 */
import type { Context } from 'koa';
import { businessDaysAfter, nextBusinessDay, toDanishDay, type Day } from '../../domain/calendar.ts';
import { deriveCaseNumber, parseCaseReference, writeNumber } from '../../domain/issuing/caseNumber.ts';
import type { AppContext } from '../appContext.ts';
import type { OnlineOrder } from './onlineOrder.rules.ts';

export interface OrderReceipt {
  /** Written `K7MP-3QXD`. */
  readonly reference: string;
  readonly at: Date;
}

interface ArrivalWindow {
  readonly from: Day;
  readonly to: Day;
}

/** When each of the two letters is expected: either may be the first. */
export interface ExpectedLetters {
  readonly first: ArrivalWindow;
  readonly second: ArrivalWindow;
}

/** Long enough to print the page. */
const SECONDS = 3_600;

/** The number of the case that the order becomes, if any. The same form, sent again, has the same. */
export function deriveOrderReference(
  { keyring, random }: AppContext,
  { order, nonce }: { readonly order: OnlineOrder; readonly nonce: string | null },
): string {
  const drawn = nonce ?? random.bytes(16).toString('base64url');
  const hash = keyring.hmac('records', `order reference v1 ${JSON.stringify([drawn, order])}`);
  return writeNumber(deriveCaseNumber(hash));
}

/** The letters leave one business day apart (domain/letter.ts). */
export function planOrderLetters({ rules }: Pick<AppContext, 'rules'>, orderedAt: Date): ExpectedLetters {
  const { arrival } = rules;
  const day = nextBusinessDay(toDanishDay(orderedAt));
  const windowOf = (postOn: Day) => ({
    from: businessDaysAfter(postOn, arrival.from),
    to: businessDaysAfter(postOn, arrival.to),
  });
  return { first: windowOf(day), second: windowOf(businessDaysAfter(day, 1)) };
}

/** Nothing in it is secret: it names no one, and opens nothing. */
export function setOrderReceipt(ctx: Context, isSecure: boolean, { reference, at }: OrderReceipt): void {
  ctx.cookies.set(composeReceiptName(isSecure), `${reference}.${at.getTime()}`, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: '/order/received',
    maxAge: SECONDS * 1000,
  });
}

/** Returns null for a browser that keeps no cookies, and an hour after the order. */
export function readOrderReceipt(ctx: Context, isSecure: boolean, now: Date): OrderReceipt | null {
  const text = ctx.cookies.get(composeReceiptName(isSecure), { signed: false }) ?? '';
  const [number = '', time = ''] = text.split('.');
  const parsed = parseCaseReference(number);
  if (parsed?.kind !== 'number' || !/^\d{13}$/.test(time)) return null;
  const reference = writeNumber(parsed.number);
  const at = new Date(Number(time));
  const age = now.getTime() - at.getTime();
  return age >= 0 && age < SECONDS * 1000 ? { reference, at } : null;
}

function composeReceiptName(isSecure: boolean): string {
  return isSecure ? '__Secure-noegle-order-receipt' : 'noegle-order-receipt';
}
