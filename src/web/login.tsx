/**
 * The dispatcher of a sign-in. A step does its one deed, saves, and comes back here with 303; only this reads the
 * state and shows what is next. So reload, back and double-click are all the same case.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Refusal } from '../core/errors/refusal.ts';
import { OWN_SITES } from '../core/ownSite.ts';
import type { Interactions, PendingRequest } from '../oidc/interaction.ts';
import { choosePublicSites } from '../usecases/choosePublicSites.ts';
import { giveConsent, refuseConsent } from '../usecases/signIn/consent.ts';
import { giveKey } from '../usecases/signIn/giveKey.ts';
import { giveNewKey, goOnWithoutNewCard } from '../usecases/signIn/giveNewKey.ts';
import { askPasswordAgain, givePassword, signInAsAnother } from '../usecases/signIn/givePassword.ts';
import { drawBrowser } from '../usecases/knownBrowser.ts';
import {
  showSignIn,
  signInWithPassword,
  type Shown,
  type SignInRequest,
} from '../usecases/signIn/showSignIn.ts';
import type { World } from '../usecases/world.ts';
import { activateAt } from './activate.tsx';
import { addAuthorizeRoutes } from './protocol/authorize.ts';
import { readBrowserCookie, setBrowserCookie } from './browserCookie.ts';
import { visitOf } from './door.ts';
import { areCookiesKept, noteCookiesKept, sendCookiesNeeded } from './cookiesNeeded.ts';
import { clearFormSent, hasSentForm, setFormSent } from './formSentCookie.ts';
import { field, isSameText, readForm, type Form } from './forms.ts';
import { pageOf } from './loginPages.tsx';
import { followLanguageSwitch, frameOf, seeOther, sendPage } from './page.ts';
import { Trouble } from './trouble.ts';

export interface Login {
  readonly world: World;
  readonly interactions: Interactions;
  readonly stylesheet: string;
  readonly isSecure: boolean;
}

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

  router.post('/login/:uid', async (ctx) => {
    const form = await readForm(ctx.req);
    const request = await findRequest(login, ctx);
    if (!isOurs(login, request, field(form, 'csrf'))) throw new Trouble(403, 'bad_form');
    // With every form: no answer tells by its headers how many were sent before.
    setFormSent(ctx, request.id, login.isSecure);
    if (form.has('cancel')) return await giveUp(login, ctx, request);
    if (form.has('accept')) await agree(login, request, field(form, 'step'));
    else if (form.has('skip')) await skip(login, request);
    else if (form.has('again')) await askPasswordAgain(login.world, request.id);
    else if (form.has('another')) {
      // Of a session alone: elsewhere nobody is signed in for whom another could come.
      if (request.stepUp) await signInAsAnother(login.world, request.id);
    } else if (isAskedFor(request, field(form, 'step'))) {
      const came = await take(login, ctx, request, form);
      if (came === 'busy') throw new Trouble(503, 'busy');
      if (came === 'slowed') throw new Trouble(429, 'slowed');
      // Mostly that was all. Where the browser goes on it is judged, and led back here if something is still asked.
      if (came === 'signed_in') return seeOther(ctx, await login.interactions.leadOn(request));
    }
    seeOther(ctx, ctx.path);
  });

  // The engine's own address: what was shown is handed to it here, and nowhere kept in between.
  router.get('/auth/:uid', async (ctx, next) => {
    const id = uidOf(ctx);
    const request = login.interactions.isResumed(ctx, id) ? await login.interactions.find(ctx, id) : null;
    if (!request) throw new Trouble(400, 'expired');
    if (await isComplete(login, ctx, request)) {
      clearFormSent(ctx, request.id, login.isSecure);
      noteCookiesKept(ctx, request.id, login.isSecure);
      return await next();
    }
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

/**
 * Forms of steps that this request does not have lead nowhere: a key beside a password that is all that is asked, or
 * anybody's password where somebody is signed in already.
 */
function isAskedFor({ signIn, key }: PendingRequest, step: string): boolean {
  return signIn && (key || step === 'password');
}

/** The deed of the step whose form was sent. */
async function take(
  { world, isSecure }: Login,
  ctx: Context,
  request: PendingRequest,
  form: Form,
): Promise<'judged' | 'signed_in' | 'busy' | 'slowed'> {
  const interactionId = request.id;
  const sessionUid = request.stepUp?.sessionUid ?? null;
  const step = field(form, 'step');
  const browser = readBrowserCookie(ctx, isSecure);
  switch (step) {
    case 'password':
      return await givePassword(world, {
        interactionId,
        typedName: field(form, 'userId'),
        password: field(form, 'password'),
        address: ctx.ip,
        browser,
        withKey: request.key,
      });
    case 'key': {
      // Always new content: what was there before may have been copied, or put there.
      const ownBrowser = form.has('ownComputer') ? drawBrowser(world) : null;
      const { clientId } = request;
      const answer = { sessionUid, ...answerIn(form, 'key') };
      const visit = visitOf(ctx);
      const came = await giveKey(world, { interactionId, clientId, ...answer, ownBrowser, browser, visit });
      if (came === 'signed_in' && ownBrowser) setBrowserCookie(ctx, isSecure, ownBrowser);
      return came;
    }
    case 'new-card':
      return await giveNewKey(world, { interactionId, sessionUid, ...answerIn(form, 'newKey') });
    default:
      throw new Trouble(400, 'bad_form');
  }
}

/** A key, with the card and the number that the page showed. */
function answerIn(form: Form, name: 'key' | 'newKey') {
  return {
    cardNumber: field(form, 'cardNumber'),
    keyNumber: field(form, 'keyNumber'),
    key: field(form, name),
  };
}

/**
 * Yes to what the page asked that the form was on, if it is still asked; anywhere else there is nothing to say yes to.
 * Without the form's own word a second click on one page would be a yes to the next, which nobody has seen.
 */
async function agree({ world }: Login, request: PendingRequest, step: string): Promise<void> {
  const shown = await showSignIn(world, asked(world, request));
  if (shown.page !== step) return;
  if (shown.page === 'public-sites' && shown.bar === null) {
    await choosePublicSites(world, shown.identity.id, true);
  }
  if (shown.page !== 'consent') return;
  const { id: interactionId, clientId } = request;
  await giveConsent(world, { interactionId, clientId, scopes: shown.scopes, identityId: shown.identity.id });
}

/** Not now: only where the new card is asked for beside the old one. */
async function skip({ world }: Login, request: PendingRequest): Promise<void> {
  const shown = await showSignIn(world, asked(world, request));
  if (shown.page === 'new-card' && !shown.instead) await goOnWithoutNewCard(world, request.id);
}

function asked(world: World, request: PendingRequest): SignInRequest {
  const startedAt = new Date(world.clock.now().getTime() - request.ageMs);
  return { ...request, interactionId: request.id, startedAt };
}

async function show(login: Login, ctx: Context, request: PendingRequest): Promise<void> {
  const { world, isSecure } = login;
  const noFormSentYet = !request.stepUp && !hasSentForm(ctx, isSecure);
  const shown = await showSignIn(world, asked(world, request), { noFormSentYet });
  if (shown.page === 'expired') throw new Trouble(400, 'expired');
  if (shown.page === 'password-enough') {
    await signInWithPassword(world, asked(world, request), visitOf(ctx));
    return await show(login, ctx, request);
  }
  if (shown.page === 'done') return seeOther(ctx, await login.interactions.leadOn(request));
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

/** True when everything that the request asks for was shown, or refused, and the engine knows it. */
async function isComplete({ world, interactions }: Login, ctx: Context, request: PendingRequest) {
  const shown = await showSignIn(world, asked(world, request));
  if (shown.page === 'expired') throw new Trouble(400, 'expired');
  if (request.isRefused) return true;
  if (shown.page !== 'done') return false;
  const { passwordAt, signedInAt } = shown;
  if (request.signIn && passwordAt && signedInAt) {
    await interactions.signIn(ctx, request, { ...shown, passwordAt, signedInAt });
  } else await interactions.goOn(request);
  return true;
}

/** Every page has a way out. The relying party is told what stood in the way, if anything did. */
async function giveUp(login: Login, ctx: Context, request: PendingRequest): Promise<void> {
  const { world, interactions } = login;
  const shown = await showSignIn(world, asked(world, request));
  if (shown.page === 'consent') {
    const { identity, scopes } = shown;
    await refuseConsent(world, { identityId: identity.id, clientId: request.clientId, scopes });
  }
  seeOther(ctx, await interactions.refuse(request, refusalOf(shown)));
}

function refusalOf(shown: Shown): Refusal {
  switch (shown.page) {
    case 'refused':
      return shown.refusal;
    case 'locked':
      return 'locked';
    case 'public-sites':
      return 'public_sites_off';
    case 'consent':
      return 'consent_refused';
    default:
      return 'user_cancelled';
  }
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
