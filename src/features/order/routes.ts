/**
 * `/order`: two pages with fields, one with all answers, a command, and pages that read the same for
 * everyone. A form that is whole leads to the next page by a redirect, which shows the draft of the browser's
 * cookie; a browser without it gets the next page as the answer to its form.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { isLanguage, type Language } from '../../domain/language/language.ts';
import {
  findFaultyStep,
  findStepOfField,
  listOnlineDocuments,
  readOrder,
  type OnlineOrder,
  type OrderFaults,
  type OrderParseResult,
  type OrderStep,
} from './onlineOrder.rules.ts';
import { orderOnline } from './orderOnline.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import { readForm, type PostedForm } from '../../http/forms.ts';
import { TEXTS_BY_LANGUAGE } from '../../ui/language.ts';
import { SWITCH_FIELD } from '../../ui/form.tsx';
import type { PageFrame } from '../../ui/layout.tsx';
import {
  followLanguageSwitch,
  composePageFrame,
  redirectWithGet,
  sendPage,
  setLanguageCookie,
} from '../../ui/page.ts';
import { ORDER_PATHS, type OrderPageName } from './orderPaths.ts';
import { OrderNoMatchPage, OrderReceivedPage } from './answers.page.tsx';
import { OrderCheckPage } from './check.page.tsx';
import { OrderPage, OrderTermsPage } from './form.page.tsx';
import {
  createOrderDraft,
  forgetOrderDraft,
  keepOrderDraft,
  readOrderDraft,
  readOrderInput,
  type OrderDraft,
} from './orderForm.ts';
import { deriveOrderReference, planOrderLetters, readOrderReceipt, setOrderReceipt } from './receipt.ts';
import { createConnectionSignal } from '../../http/connection.ts';
import { keepTypedForm, HttpError, type UnprocessedKind } from '../../ui/httpError.ts';

export const order: Feature = { mount: addOrderRoutes };

interface ShownOrder {
  readonly draft: OrderDraft;
  readonly faults?: OrderFaults;
  readonly unseen?: UnprocessedKind;
}

function addOrderRoutes(router: Router, deps: FeatureDeps): void {
  const { context, register: populationRegister, stylesheet, isSecure } = deps;
  const { clock, rules } = context;
  const kinds = listOnlineDocuments(rules.identification);
  const cookieOptions = { context, isSecure };

  const composePage = (frame: PageFrame, page: OrderPageName, shown: ShownOrder): VNode => {
    const props = { ...frame, kinds, faults: {}, ...shown };
    if (page === 'check') return OrderCheckPage(props);
    return page === 'terms' ? OrderTermsPage(props) : OrderPage(props);
  };
  const showPage = (ctx: Context, page: OrderPageName, shown: ShownOrder) => {
    keepOrderDraft(ctx, cookieOptions, shown.draft);
    sendPage(ctx, composePage(composePageFrame(ctx, stylesheet), page, shown));
  };
  /** @param language the language that the person switched to */
  const leadTo = (
    ctx: Context,
    page: OrderPageName,
    draft: OrderDraft,
    { field, language }: { readonly field?: string; readonly language?: Language } = {},
  ) => {
    const keepsCookies = readOrderDraft(ctx, cookieOptions) !== null;
    keepOrderDraft(ctx, cookieOptions, draft);
    if (keepsCookies)
      return redirectWithGet(ctx, field ? `${ORDER_PATHS[page]}#${field}` : ORDER_PATHS[page]);
    const frame = composePageFrame(ctx, stylesheet);
    const words = language ? { t: TEXTS_BY_LANGUAGE[language], language } : {};
    sendPage(ctx, composePage({ ...frame, ...words }, page, { draft }));
  };

  router.get('/order', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    showPage(ctx, 'person', { draft: readOrderDraft(ctx, cookieOptions) ?? createOrderDraft(context) });
  });

  const addLaterPage = (page: 'terms' | 'check') => {
    router.get(ORDER_PATHS[page], (ctx) => {
      if (followLanguageSwitch(ctx, isSecure)) return;
      const draft = readOrderDraft(ctx, cookieOptions);
      if (!draft) return redirectWithGet(ctx, ORDER_PATHS.person);
      const faultyStep = findFaultyStep(faultsOf(parse(draft)));
      if (faultyStep === 'person' || (faultyStep && page === 'check'))
        return redirectWithGet(ctx, ORDER_PATHS[faultyStep]);
      showPage(ctx, page, { draft });
    });
  };
  addLaterPage('terms');
  addLaterPage('check');

  const parse = ({ typed }: OrderDraft) => {
    return readOrder(typed, { kinds: rules.identification, now: clock.now() });
  };

  // Each page is posted to its own address; which page it was is in the form.
  router.post(Object.values(ORDER_PATHS), async (ctx: Context) => {
    const form = await readForm(ctx);
    if (form.has('clear')) {
      forgetOrderDraft(ctx, cookieOptions);
      return redirectWithGet(ctx, ORDER_PATHS.person);
    }
    const typed = readOrderInput(form);
    const draft = { typed, nonce: form.get('nonce') ?? createOrderDraft(context).nonce };
    const page = readPageName(form);
    keepTypedForm(ctx, (unseen) => composePage(composePageFrame(ctx, stylesheet), page, { draft, unseen }));
    const language = form.get(SWITCH_FIELD);
    if (isLanguage(language)) {
      setLanguageCookie(ctx, language, isSecure);
      return leadTo(ctx, page, draft, { language });
    }
    const field = form.get('change');
    if (field !== undefined)
      return leadTo(ctx, findStepOfField(field), draft, { field: readFieldName(field) });
    const parsed = parse(draft);
    const faultyStep = findFaultyStep(faultsOf(parsed));
    // The terms have not been shown yet, so they have no faults to tell.
    if (page === 'person' && faultyStep === 'terms') return leadTo(ctx, 'terms', draft);
    if (faultyStep) return showFaults(ctx, faultyStep, draft, faultsOf(parsed));
    if (page !== 'check') return leadTo(ctx, 'check', draft);
    if (parsed.kind === 'complete') await sendOrder(ctx, draft, parsed.order, form.get('nonce') ?? null);
  });

  const showFaults = (ctx: Context, step: OrderStep, draft: OrderDraft, faults: OrderFaults) => {
    // Terms that have changed must be accepted again.
    const accepts = draft.typed.accepts && faults.terms === undefined;
    showPage(ctx, step, { draft: { ...draft, typed: { ...draft.typed, accepts } }, faults });
  };

  /** @param nonce null for a form of a program, each of which is an order of its own */
  const sendOrder = async (
    ctx: Context,
    { typed }: OrderDraft,
    ordered: OnlineOrder,
    nonce: string | null,
  ) => {
    const at = clock.now();
    const reference = deriveOrderReference(context, { order: ordered, nonce });
    const request = {
      order: ordered,
      language: typed.language,
      address: ctx.ip,
      nonce,
      reference,
      signal: createConnectionSignal(ctx),
    };
    switch (await orderOnline(context, populationRegister, request)) {
      case 'received':
        forgetOrderDraft(ctx, cookieOptions);
        setOrderReceipt(ctx, isSecure, { reference, at });
        return redirectWithGet(ctx, '/order/received');
      // The answers stay, so that a slip of the pen can be corrected.
      case 'no_match':
        return redirectWithGet(ctx, '/order/no-match');
      case 'slowed':
        throw new HttpError(429, 'slowed');
      case 'busy':
        throw new HttpError(503, 'busy');
    }
  };

  router.get('/order/received', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const now = clock.now();
    const receipt = readOrderReceipt(ctx, isSecure, now);
    const expected = planOrderLetters(context, receipt?.at ?? now);
    sendPage(ctx, OrderReceivedPage({ ...composePageFrame(ctx, stylesheet), receipt, expected }));
  });

  router.get('/order/no-match', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, OrderNoMatchPage(composePageFrame(ctx, stylesheet)));
  });
}

function faultsOf(parsed: OrderParseResult): OrderFaults {
  return parsed.kind === 'faulty' ? parsed.faults : {};
}

/** The page that a form is from: one that names none sends the whole order at once. */
function readPageName(form: PostedForm): OrderPageName {
  const step = form.get('step');
  return step === 'person' || step === 'terms' ? step : 'check';
}

/** A name that can be the end of an address. */
function readFieldName(text: string): string {
  return /^[A-Za-z]{1,30}$/.test(text) ? text : 'content';
}
