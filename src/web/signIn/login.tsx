/**
 * The dispatcher of a sign-in: it reads the state and shows what is next. A form is answered by loginForms.ts, and leads back here
 * with 303; so reload, back and double-click are all the same case.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { drawSecret } from '../../core/dice.ts';
import type { PendingRequest } from '../../oidc/signIn/pendingRequest.ts';
import { showSignIn } from '../../usecases/signIn/showSignIn.ts';
import { showUnjudged } from '../../usecases/signIn/unjudgedForm.ts';
import { activateAt } from '../activate.ts';
import type { Feature } from '../feature.ts';
import { refuseRequest } from '../cookiesNeeded.ts';
import { isSameText, readForm } from '../forms.ts';
import { readHolderCookie } from './holderCookie.ts';
import { answerForm } from './loginForms.ts';
import { pageOf, type PageShown } from './loginPages.tsx';
import { asked, type Login } from './loginRequest.ts';
import { readUnjudged } from './unjudgedCookie.ts';
import { followLanguageSwitch, frameOf, seeOther, sendPage } from '../page.ts';
import { addAuthorizeRoutes } from '../protocol/authorize.ts';
import { admitProvenWhileCrowded } from '../protocol/crowdedDoor.ts';
import { Trouble } from '../trouble.ts';

export const signIn: Feature = { mount: addLoginRoutes };

function addLoginRoutes(router: Router, login: Login): void {
  const crowdedDoor = admitProvenWhileCrowded(login);
  router.get(['/auth', '/auth/posted/:id'], crowdedDoor);
  addAuthorizeRoutes(router, login);
  // What was posted is led on by GET and judged there; what is not led on is judged here.
  router.post('/auth', crowdedDoor);
  // Asked for again it begins another request, which does no harm.
  router.get('/auth', async (ctx, next) => {
    await next();
    const request = await login.interactions.findBegun(ctx);
    if (request) await answerWithPage(login, ctx, request);
  });

  router.get('/login/:uid', async (ctx) => {
    const request = await login.interactions.find(ctx, uidOf(ctx));
    if (!request) return refuseRequest(login, ctx, login.interactions.hasJustBegun(ctx));
    if (followLanguageSwitch(ctx, login.isSecure)) return;
    await show(login, ctx, request);
  });

  router.post('/login/:uid', async (ctx, next) => {
    const form = await readForm(ctx);
    const request = await login.interactions.find(ctx, uidOf(ctx));
    const isOurs = isSameText(csrfOf(login, uidOf(ctx)), form.get('csrf') ?? '');
    if (!request) return refuseRequest(login, ctx, isOurs);
    if (!form.has('csrf')) throw new Trouble(400, 'bad_form');
    if (!isOurs) throw new Trouble(403, 'bad_form');
    await answerForm(login, ctx, next, { request, form });
  });

  // The provider's own address gives nothing by itself: what ends a sign-in is a form.
  router.get('/auth/:uid', async (ctx) => {
    const request = await login.interactions.find(ctx, uidOf(ctx));
    if (!request) throw new Trouble(400, 'expired');
    seeOther(ctx, `/login/${request.id}`);
  });
}

function uidOf(ctx: Context): string {
  return String((ctx['params'] as Record<string, string>)['uid']);
}

async function show(login: Login, ctx: Context, request: PendingRequest): Promise<void> {
  const secret = readHolderCookie(ctx, login.isSecure);
  const shown = await showSignIn(login.world, asked(login, request, secret));
  if (shown.page === 'expired') throw new Trouble(400, 'expired');
  sendStep(login, ctx, request, showCarried(login, ctx, request, shown));
}

/** Where no form was judged, what the browser carries of one that was sent. */
function showCarried(login: Login, ctx: Context, request: PendingRequest, shown: PageShown): PageShown {
  if (shown.page !== 'password' || (shown.outcome && shown.outcome.kind !== 'begin_again')) return shown;
  const unjudged = readUnjudged(login, ctx, request.id);
  return unjudged ? showUnjudged(login.world, asked(login, request, null), unjudged) : shown;
}

/** The first page in the place of the redirect to it. */
async function answerWithPage(login: Login, ctx: Context, request: PendingRequest): Promise<void> {
  const shown = await showSignIn(login.world, asked(login, request, null));
  if (shown.page === 'expired') return;
  const pageAt = ctx.response.get('Location');
  ctx.remove('Location');
  ctx.status = 200;
  sendStep(login, ctx, request, shown, pageAt);
}

/** @param pageAt where it can be had in the other language, if that is not where it was asked for */
function sendStep(
  login: Login,
  ctx: Context,
  request: PendingRequest,
  shown: PageShown,
  pageAt: string | null = null,
): void {
  const { world, stylesheet } = login;
  const frame = frameOf(ctx, stylesheet, { uiLocales: request.uiLocales });
  const ground = {
    frame: {
      ...frame,
      languageSwitch: pageAt ? `${pageAt}&language=${frame.t.otherLanguage.lang}` : frame.languageSwitch,
      relyingParty: request.names[frame.language],
      logo: request.logo,
      csrf: csrfOf(login, request.id),
      formsGoTo: request.formsGoTo,
      // Names this rendering of the page, so that the same form is known when it comes again.
      form: drawSecret(world.dice),
    },
    loginHint: request.loginHint,
    passwordAlone: !request.key,
    waitHours: world.rules.waitHours,
    activateAt: activateAt(request.id),
  };
  sendPage(ctx, pageOf(ground, shown));
}

/** Bound to the interaction, whose cookie only this browser has. */
function csrfOf({ world: { keyring } }: Login, interactionId: string): string {
  return keyring.csrfToken(interactionId);
}
