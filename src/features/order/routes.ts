/** `/order`: a form, a command, and pages that read the same for everyone. */
import { readPostedFormat } from '../../domain/card/cardFormat.ts';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isLanguage, type Language } from '../../domain/language/language.ts';
import { drawSecret } from '../../domain/random.ts';
import { listOnlineDocuments, readOrder, type OrderFaults, type OrderInput } from './onlineOrder.rules.ts';
import { orderOnline } from './orderOnline.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import { requireField, readForm, type PostedForm } from '../../http/forms.ts';
import { followLanguageSwitch, composePageFrame, redirectWithGet, sendPage } from '../../ui/page.ts';
import { OrderNoMatchPage, OrderReceivedPage } from './answers.page.tsx';
import { BLANK_ORDER, OrderPage } from './form.page.tsx';
import { createConnectionSignal } from '../../http/connection.ts';
import { keepTypedForm, HttpError, type UnprocessedKind } from '../../ui/httpError.ts';

export const order: Feature = { mount: addOrderRoutes };

function addOrderRoutes(
  router: Router,
  { context, register: populationRegister, stylesheet, isSecure }: FeatureDeps,
): void {
  const { clock, rules } = context;
  const formOf = (
    ctx: Context,
    typed: OrderInput,
    faults: OrderFaults,
    unseen: UnprocessedKind | null = null,
  ) => {
    const kinds = listOnlineDocuments(rules.identification);
    const nonce = drawSecret(context.random);
    return OrderPage({ ...composePageFrame(ctx, stylesheet), nonce, kinds, typed, faults, unseen });
  };
  const sendForm = (ctx: Context, typed: OrderInput, faults: OrderFaults) => {
    sendPage(ctx, formOf(ctx, typed, faults));
  };

  router.get('/order', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendForm(ctx, BLANK_ORDER, {});
  });

  router.post('/order', async (ctx: Context) => {
    const form = await readForm(ctx);
    const typed = readOrderInput(form);
    keepTypedForm(ctx, (why) => formOf(ctx, typed, {}, why));
    const parsed = readOrder(typed, { kinds: rules.identification, now: clock.now() });
    if (parsed.kind === 'faulty') {
      // Terms that have changed must be accepted again.
      const accepts = typed.accepts && parsed.faults.terms === undefined;
      return sendForm(ctx, { ...typed, accepts }, parsed.faults);
    }
    const request = {
      order: parsed.order,
      language: typed.language,
      address: ctx.ip,
      nonce: form.get('nonce') ?? null,
      signal: createConnectionSignal(ctx),
    };
    switch (await orderOnline(context, populationRegister, request)) {
      case 'received':
        return redirectWithGet(ctx, '/order/received');
      case 'no_match':
        return redirectWithGet(ctx, '/order/no-match');
      case 'slowed':
        throw new HttpError(429, 'slowed');
      case 'busy':
        throw new HttpError(503, 'busy');
    }
  });

  router.get('/order/received', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, OrderReceivedPage(composePageFrame(ctx, stylesheet)));
  });

  router.get('/order/no-match', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, OrderNoMatchPage(composePageFrame(ctx, stylesheet)));
  });
}

/** @throws HttpError (400) for fields that the page's form cannot have sent */
function readOrderInput(form: PostedForm): OrderInput {
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
    language: readPageLanguage(form),
  };
}

/** The language of the page that was read, regardless of what the browser asks for now. */
function readPageLanguage(form: PostedForm): Language {
  const language = requireField(form, 'language');
  if (!isLanguage(language)) throw new HttpError(400, 'bad_form');
  return language;
}
