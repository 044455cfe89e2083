/** `/order`: a form, a deed, and pages that say the same to everybody. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isLanguage, type Language } from '../core/language/language.ts';
import { drawSecret } from '../core/dice.ts';
import { onlineKinds, readOrder, type OrderFaults, type TypedOrder } from '../core/issuing/onlineOrder.ts';
import { orderOnline } from '../usecases/ordering/orderOnline.ts';
import type { Feature, WebContext } from './feature.ts';
import { field, readForm, type Form } from './forms.ts';
import { followLanguageSwitch, frameOf, seeOther, sendPage } from './page.ts';
import { OrderNoMatchPage, OrderReceivedPage } from './pages/order/answers.tsx';
import { BLANK_ORDER, OrderPage } from './pages/order/form.tsx';
import { connectionSignal } from './protocol/connection.ts';
import { keepTyped, Trouble, type UnseenKind } from './trouble.ts';

export const order: Feature = { mount: addOrderRoutes };

function addOrderRoutes(router: Router, { world, register, stylesheet, isSecure }: WebContext): void {
  const { clock, rules } = world;
  const formOf = (ctx: Context, typed: TypedOrder, faults: OrderFaults, unseen: UnseenKind | null = null) => {
    const kinds = onlineKinds(rules.identification);
    const nonce = drawSecret(world.dice);
    return OrderPage({ ...frameOf(ctx, stylesheet), nonce, kinds, typed, faults, unseen });
  };
  const sendForm = (ctx: Context, typed: TypedOrder, faults: OrderFaults) => {
    sendPage(ctx, formOf(ctx, typed, faults));
  };

  router.get('/order', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendForm(ctx, BLANK_ORDER, {});
  });

  router.post('/order', async (ctx: Context) => {
    const form = await readForm(ctx);
    const typed = typedIn(form);
    keepTyped(ctx, (why) => formOf(ctx, typed, {}, why));
    const read = readOrder(typed, { kinds: rules.identification, now: clock.now() });
    if (read.kind === 'faulty') {
      // What has changed is accepted anew, or not at all.
      const accepts = typed.accepts && read.faults.terms === undefined;
      return sendForm(ctx, { ...typed, accepts }, read.faults);
    }
    const asked = {
      order: read.order,
      language: typed.language,
      address: ctx.ip,
      nonce: form.get('nonce') ?? null,
      signal: connectionSignal(ctx),
    };
    switch (await orderOnline(world, register, asked)) {
      case 'received':
        return seeOther(ctx, '/order/received');
      case 'no_match':
        return seeOther(ctx, '/order/no-match');
      case 'slowed':
        throw new Trouble(429, 'slowed');
      case 'busy':
        throw new Trouble(503, 'busy');
    }
  });

  router.get('/order/received', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, OrderReceivedPage(frameOf(ctx, stylesheet)));
  });

  router.get('/order/no-match', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, OrderNoMatchPage(frameOf(ctx, stylesheet)));
  });
}

/** @throws Trouble (400) for what the page's form cannot have sent. */
function typedIn(form: Form): TypedOrder {
  const isTicked = (name: string) => form.get(name) === 'yes';
  return {
    cpr: field(form, 'cpr'),
    name: field(form, 'name'),
    documentKind: form.get('documentKind') ?? '',
    documentNumber: field(form, 'documentNumber'),
    email: form.get('email') ?? '',
    largePrint: isTicked('largePrint'),
    withoutInterpreter: isTicked('withoutInterpreter'),
    operatesAlone: isTicked('operatesAlone'),
    accepts: isTicked('terms'),
    termsVersion: field(form, 'termsVersion'),
    language: languageIn(form),
  };
}

/** Of the page that was read, whatever the browser asks for by now. */
function languageIn(form: Form): Language {
  const language = field(form, 'language');
  if (!isLanguage(language)) throw new Trouble(400, 'bad_form');
  return language;
}
