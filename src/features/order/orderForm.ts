/**
 * What a person has typed for an order, as its forms carry it. Every form has all fields, those of the other
 * pages hidden: an order needs no cookie. A browser that keeps cookies also has the answers sealed in one, so
 * that back, reload and the other language find them. It ends with the order, or half an hour after the last
 * page, like the pages themselves. Nothing is stored at the server, or looked up, before the last form.
 */
import { DEFAULT_CARD_FORMAT, readPostedFormat } from '../../domain/card/cardFormat.ts';
import type { Context } from 'koa';
import { isLanguage, DEFAULT_LANGUAGE, type Language } from '../../domain/language/language.ts';
import { drawSecret } from '../../domain/random.ts';
import { TERMS_VERSION } from '../../domain/issuing/terms.ts';
import { requireField, type PostedForm } from '../../http/forms.ts';
import {
  clearMultiPartCookie,
  readMultiPartCookie,
  setMultiPartCookie,
} from '../../http/multiPartCookies.ts';
import { FORM_IDLE } from '../../ui/courtesy/timeout.tsx';
import { HttpError } from '../../ui/httpError.ts';
import type { AppContext } from '../appContext.ts';
import type { OrderInput } from './onlineOrder.rules.ts';

/** The empty form: nothing is guessed, nothing is ticked. */
export const BLANK_ORDER: OrderInput = {
  cpr: '',
  name: '',
  documentKind: '',
  documentNumber: '',
  email: '',
  cardFormat: DEFAULT_CARD_FORMAT,
  withoutInterpreter: false,
  operatesAlone: false,
  accepts: false,
  termsVersion: TERMS_VERSION,
  language: DEFAULT_LANGUAGE,
};

/** An order that is being filled in. */
export interface OrderDraft {
  readonly typed: OrderInput;
  /** Drawn for the first page: the same form with the same answers, sent again, is one order. */
  readonly nonce: string;
}

interface OrderCookieOptions {
  readonly context: AppContext;
  readonly isSecure: boolean;
}

interface StoredDraft extends OrderDraft {
  /** Milliseconds since 1970. */
  readonly at: number;
}

const DRAFT_CONTEXT = 'order draft v1';
const DRAFT_SECONDS = FORM_IDLE.minutes * 60;

export function createOrderDraft({ random }: AppContext, typed = BLANK_ORDER): OrderDraft {
  return { typed, nonce: drawSecret(random) };
}

/** Returns the draft in the browser's cookie; null where it has none that is valid. */
export function readOrderDraft(ctx: Context, { context, isSecure }: OrderCookieOptions): OrderDraft | null {
  for (const text of readMultiPartCookie(ctx, composeDraftCookie(isSecure))) {
    try {
      const sealed = Buffer.from(text, 'base64url');
      const draft = JSON.parse(context.keyring.open('records', sealed, DRAFT_CONTEXT)) as StoredDraft;
      const age = context.clock.now().getTime() - draft.at;
      // A node of another version may know other fields.
      if (age < DRAFT_SECONDS * 1000)
        return { typed: { ...BLANK_ORDER, ...draft.typed }, nonce: draft.nonce };
    } catch {
      // It is forged, or of a key that is no longer in use.
    }
  }
  return null;
}

/** Keeps the draft in the browser, from now on for as long as a page stays on the screen. */
export function keepOrderDraft(
  ctx: Context,
  { context, isSecure }: OrderCookieOptions,
  draft: OrderDraft,
): void {
  const stored: StoredDraft = { ...draft, at: context.clock.now().getTime() };
  const sealed = context.keyring.seal('records', JSON.stringify(stored), DRAFT_CONTEXT);
  const cookie = composeDraftCookie(isSecure);
  // Answers that no cookie holds are in the form alone, and an older draft must not take their place.
  if (!setMultiPartCookie(ctx, cookie, sealed.toString('base64url'), context.random))
    clearMultiPartCookie(ctx, cookie);
}

export function forgetOrderDraft(ctx: Context, { isSecure }: OrderCookieOptions): void {
  clearMultiPartCookie(ctx, composeDraftCookie(isSecure));
}

function composeDraftCookie(isSecure: boolean) {
  return { name: 'noegle-order-draft', path: '/order', seconds: DRAFT_SECONDS, isSecure };
}

/** @throws HttpError (400) for fields that the page's form cannot have sent */
export function readOrderInput(form: PostedForm): OrderInput {
  const isTicked = (name: string) => form.get(name) === 'yes';
  return {
    cpr: requireField(form, 'cpr'),
    name: requireField(form, 'name'),
    documentKind: form.get('documentKind') ?? '',
    documentNumber: requireField(form, 'documentNumber'),
    email: form.get('email') ?? '',
    cardFormat: readPostedFormat(form.get('cardFormat'), form.get('largePrint')),
    withoutInterpreter: isTicked('withoutInterpreter'),
    operatesAlone: isTicked('operatesAlone'),
    accepts: isTicked('terms'),
    termsVersion: requireField(form, 'termsVersion'),
    language: readTermsLanguage(form),
  };
}

/** The language of the terms that were read, regardless of what the browser asks for now. */
function readTermsLanguage(form: PostedForm): Language {
  const language = requireField(form, 'language');
  if (!isLanguage(language)) throw new HttpError(400, 'bad_form');
  return language;
}

/**
 * The hidden fields of a form that shows the fields of `shown` itself. The first name makes the form that of
 * this draft: on the way back Chromium restores what was typed into a form with the same first names, also
 * when the order was sent and the next person is at the computer.
 */
export function listCarriedFields(
  { typed, nonce }: OrderDraft,
  shown: readonly string[],
): Readonly<Record<string, string>> {
  const ticks = {
    withoutInterpreter: typed.withoutInterpreter,
    operatesAlone: typed.operatesAlone,
    terms: typed.accepts,
  };
  const fields = {
    [`once-${nonce}`]: '',
    termsVersion: typed.termsVersion,
    language: typed.language,
    nonce,
    cpr: typed.cpr,
    name: typed.name,
    documentKind: typed.documentKind,
    documentNumber: typed.documentNumber,
    email: typed.email,
    cardFormat: typed.cardFormat,
    ...Object.fromEntries(Object.entries(ticks).flatMap(([name, is]) => (is ? [[name, 'yes']] : []))),
  };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !shown.includes(name)));
}
