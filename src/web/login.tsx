/**
 * The dispatcher of a sign-in. A step does its one deed, saves, and comes back here with 303; only this reads the
 * state and shows what is next. So reload, back and double-click are all the same case.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { OWN_SITES } from '../core/ownSite.ts';
import type { PendingRequest } from '../oidc/interaction.ts';
import { showSignIn } from '../usecases/signIn/showSignIn.ts';
import { activateAt } from './activate.tsx';
import { areCookiesKept, sendCookiesNeeded } from './cookiesNeeded.ts';
import { field, isSameText, readForm } from './forms.ts';
import { readHolderCookie } from './holderCookie.ts';
import { answerForm } from './loginForms.ts';
import { pageOf } from './loginPages.tsx';
import { asked, type Login } from './loginRequest.ts';
import { followLanguageSwitch, frameOf, seeOther, sendPage } from './page.ts';
import { addAuthorizeRoutes } from './protocol/authorize.ts';
import { Trouble } from './trouble.ts';

export function addLoginRoutes(router: Router, login: Login): void {
  addAuthorizeRoutes(router, login);
  // More than can be served: whoever has not begun waits outside, before they cost anything, and those who are on their way
  // get through. Whoever is signed in has no password to give.
  router.get(['/auth', '/auth/posted/:id'], async (ctx, next) => {
    if (login.world.hasher.isCrowded && !login.interactions.bringsSession(ctx))
      throw new Trouble(503, 'busy');
    await next();
  });

  router.get('/login/:uid', async (ctx) => {
    if (followLanguageSwitch(ctx, login.isSecure)) return;
    const request = await login.interactions.find(ctx, uidOf(ctx));
    if (!request) return refuse(login, ctx);
    await show(login, ctx, request);
  });

  router.post('/login/:uid', async (ctx, next) => {
    const form = await readForm(ctx.req);
    const request = await findRequest(login, ctx);
    if (!isOurs(login, request, field(form, 'csrf'))) throw new Trouble(403, 'bad_form');
    await answerForm(login, ctx, next, { request, form });
  });

  // The provider's own address gives nothing by itself: what ends a sign-in is a form (loginForms).
  router.get('/auth/:uid', async (ctx) => {
    const request = await login.interactions.find(ctx, uidOf(ctx));
    if (!request) throw new Trouble(400, 'expired');
    seeOther(ctx, `/login/${request.id}`);
  });
}

function uidOf(ctx: Context): string {
  return String((ctx['params'] as Record<string, string>)['uid']);
}

/** Sent here a moment ago with its first cookie, and without it now: nothing that is typed would arrive. @throws Trouble */
function refuse({ interactions, stylesheet, isSecure }: Login, ctx: Context): void {
  if (!interactions.hasJustBegun(ctx) || areCookiesKept(ctx, isSecure)) throw new Trouble(400, 'expired');
  const site = OWN_SITES.find(({ clientId }) => clientId === ctx.query['site']);
  sendCookiesNeeded(ctx, stylesheet, site?.path ?? null);
}

/** @throws Trouble (400): forged, foreign, finished or expired. */
async function findRequest({ interactions }: Login, ctx: Context): Promise<PendingRequest> {
  const request = await interactions.find(ctx, uidOf(ctx));
  if (!request) throw new Trouble(400, 'expired');
  return request;
}

async function show(login: Login, ctx: Context, request: PendingRequest): Promise<void> {
  const { world, isSecure } = login;
  const shown = await showSignIn(world, asked(login, request, readHolderCookie(ctx, isSecure)));
  if (shown.page === 'expired') throw new Trouble(400, 'expired');
  const frame = frameOf(ctx, login.stylesheet, { uiLocales: request.uiLocales });
  const ground = {
    frame: {
      ...frame,
      relyingParty: request.names[frame.language],
      logo: request.logo,
      csrf: csrfToken(login, request),
    },
    loginHint: request.loginHint,
    passwordAlone: !request.key,
    waitHours: world.rules.waitHours,
    activateAt: activateAt(request.id),
  };
  sendPage(ctx, pageOf(ground, shown));
}

/** Bound to the interaction, whose cookie only this browser has: nothing has to be kept. */
function csrfToken({ world }: Login, request: PendingRequest): string {
  const { keyring } = world;
  // The key that all nodes have, also while a newer one is on its way to them.
  return keyring.hmac('cookies', `csrf v1 ${request.id}`, keyring.oldestKid('cookies')).toString('base64url');
}

function isOurs(login: Login, request: PendingRequest, given: string): boolean {
  return isSameText(csrfToken(login, request), given);
}
