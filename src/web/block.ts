/** `/block`: a form, a deed, and one page that says the same to everybody. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { checkNameAndPassword, nameToShow } from '../core/input/nameAndPassword.ts';
import type { Blockable } from '../usecases/block.ts';
import { blockByPassword } from '../usecases/blockByPassword.ts';
import { readBrowserCookies } from './browserCookie.ts';
import type { Feature, WebContext } from './feature.ts';
import { field, readForm, type Form } from './forms.ts';
import { followLanguageSwitch, frameOf, seeOther, sendPage } from './page.ts';
import { connectionSignal } from './protocol/connection.ts';
import { BlockPage, BlockReceivedPage } from './pages/block.tsx';
import { Trouble } from './trouble.ts';

export const block: Feature = { mount: addBlockRoutes };

function addBlockRoutes(router: Router, { world, stylesheet, isSecure }: WebContext): void {
  router.get('/block', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const form = world.dice.uuid();
    const blank = { typedName: '', what: 'card', error: null, form } as const;
    sendPage(ctx, BlockPage({ ...frameOf(ctx, stylesheet), ...blank }));
  });

  router.get('/block/received', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, BlockReceivedPage(frameOf(ctx, stylesheet)));
  });

  router.post('/block', async (ctx: Context) => {
    const given = await readForm(ctx);
    const typedName = field(given, 'userId');
    const password = field(given, 'password');
    const what = whatIn(given);
    const form = given.get('form') ?? null;
    const error = checkNameAndPassword(typedName, password);
    if (error) {
      const frame = { ...frameOf(ctx, stylesheet), languageSwitch: null };
      const typed = { typedName: nameToShow(typedName), what, error };
      return sendPage(ctx, BlockPage({ ...frame, ...typed, form: world.dice.uuid() }));
    }
    const browsers = readBrowserCookies(ctx, isSecure);
    const asked = {
      typedName,
      password,
      what,
      address: ctx.ip,
      browsers,
      form,
      signal: connectionSignal(ctx),
    };
    const came = await blockByPassword(world, asked);
    if (came === 'slowed') throw new Trouble(429, 'slowed');
    if (came === 'busy') throw new Trouble(503, 'busy');
    return seeOther(ctx, '/block/received');
  });
}

/** @throws Trouble (400): nobody is to believe that more was blocked than what was asked for. */
function whatIn(form: Form): Blockable {
  const what = form.get('what') ?? 'card';
  if (what !== 'card' && what !== 'identity') throw new Trouble(400, 'bad_form');
  return what;
}
