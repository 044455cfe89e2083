/**
 * The playground of the sandbox: a relying party that shows each step of what it does. This feature owns its
 * pages, the authorization request that it composes and the recorded calls; it stores nothing. It leaves the
 * demo people and relying parties to src/sandbox, and what errors mean to domain/errors/errorTable.ts. In
 * production its routes do not exist: they are mounted only where demo data is passed in.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { SCOPES } from '../../domain/signIn/claims.ts';
import { findErrorAdvice } from '../../domain/errors/errorTable.ts';
import { readDemoCard } from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';
import { readForm } from '../../http/forms.ts';
import { TEXTS_BY_LANGUAGE } from '../../ui/language.ts';
import type { PageFrame } from '../../ui/layout.tsx';
import { composePageFrame, sendPage } from '../../ui/page.ts';
import { AnswerPage } from './answer.page.tsx';
import { PlaygroundPage, RequestPage } from './form.page.tsx';
import { CardPage, PeoplePage } from './people.page.tsx';
import { HttpError } from '../../ui/httpError.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import type { DemoListing } from '../demoListing.ts';
import { ExchangeRecorder, type PlaygroundClient } from './exchange.ts';
import {
  PLAYGROUND_OPTIONS,
  composeRequest,
  openPlaygroundRequest,
  sealPlaygroundRequest,
  type PlaygroundOption,
  type PlaygroundRequest,
} from './request.ts';

const COOKIE = 'noegle-developers';
const BOX_CONTEXT = 'developers tokens v1';
const KNOWN_SCOPES = SCOPES.filter((scope) => scope !== 'openid');

/** For a response without tokens. */
const NO_TOKENS = { exchanges: [], token: null, box: null, canRefresh: false, logoutUrl: null };

/** Mounted only in the sandbox. */
export const developers: Feature = {
  mount(router, context) {
    if (context.demo) addDevelopersRoutes(router, context, context.demo);
  },
};

function addDevelopersRoutes(router: Router, context: FeatureDeps, demo: () => DemoListing): void {
  const { context: appContext, stylesheet, issuer, fetch } = context;
  const { keyring, random } = appContext;
  /** Always in English, like the documentation. */
  const show = (ctx: Context, page: (frame: PageFrame) => VNode) => {
    const frame = composePageFrame(ctx, stylesheet);
    sendPage(ctx, page({ ...frame, t: TEXTS_BY_LANGUAGE.en, language: 'en', languageSwitch: null }));
  };
  const findClient = (clientId: string): PlaygroundClient => {
    const party = demo().relyingParties.find((one) => one.clientId === clientId);
    if (!party) throw new HttpError(400, 'bad_request');
    return party;
  };
  const callback = `${issuer}/developers/cb`;

  router.get('/developers', (ctx) => {
    const { relyingParties, failedCalls } = demo();
    show(ctx, (frame) => PlaygroundPage({ ...frame, relyingParties, scopes: KNOWN_SCOPES, failedCalls }));
  });

  router.get('/developers/request', (ctx) => {
    const readQuery = (name: string) => (typeof ctx.query[name] === 'string' ? ctx.query[name] : '');
    const { clientId } = findClient(readQuery('client_id'));
    const choices = Object.fromEntries(
      Object.entries(PLAYGROUND_OPTIONS).map(([name, may]) => {
        const value = readQuery(name);
        if (!(may as readonly string[]).includes(value)) throw new HttpError(400, 'bad_request');
        return [name, value];
      }),
    ) as Record<PlaygroundOption, string>;
    const scopes = ['openid', ...KNOWN_SCOPES.filter((scope) => readQuery(scope) === 'yes')];
    const { asked, verifier, nonce } = composeRequest({ clientId, scopes, choices }, callback, random);
    const browser = ctx.cookies.get(COOKIE, { signed: false }) ?? random.bytes(16).toString('base64url');
    ctx.cookies.set(COOKIE, browser, { signed: false, httpOnly: true, sameSite: 'lax', path: '/developers' });
    const at = appContext.clock.now().getTime();
    const state = sealPlaygroundRequest(keyring, { clientId, verifier, nonce, browser, at, asked });
    show(ctx, (frame) => RequestPage({ ...frame, parameters: { ...asked, state }, path: '/auth' }));
  });

  router.get('/developers/cb', async (ctx) => {
    const query = Object.fromEntries(new URLSearchParams(ctx.querystring));
    const pending = openRequestOfBrowser(appContext, ctx, query['state'] ?? '');
    const redirect = { asked: pending.asked, query };
    const caller = new ExchangeRecorder(issuer, fetch);
    if (query['error'] !== undefined || query['code'] === undefined) {
      const advice = findErrorAdvice(query['error'] ?? '', query['error_description'] ?? '');
      show(ctx, (frame) => AnswerPage({ ...frame, ...redirect, ...NO_TOKENS, advice }));
      return;
    }
    const party = findClient(pending.clientId);
    const tokens = await caller.post('The code is redeemed, with the code verifier', '/token', party, {
      grant_type: 'authorization_code',
      code: query['code'],
      redirect_uri: callback,
      code_verifier: pending.verifier,
    });
    const { access_token: access, id_token: id, refresh_token: refresh, error } = tokens;
    if (typeof access === 'string') await caller.get('What the scopes open', '/me', access);
    const token = typeof id === 'string' ? await caller.decode(id) : null;
    const stored = { clientId: pending.clientId, access, refresh };
    show(ctx, (frame) =>
      AnswerPage({
        ...frame,
        ...redirect,
        exchanges: caller.exchanges,
        advice:
          typeof error === 'string' ? findErrorAdvice(error, toTextValue(tokens['error_description'])) : null,
        token,
        box: typeof access === 'string' ? sealBox(appContext, stored) : null,
        canRefresh: typeof refresh === 'string',
        logoutUrl: typeof id === 'string' ? composeLogoutUrl(issuer, id) : null,
      }),
    );
  });

  router.post('/developers/next', async (ctx) => {
    const form = await readForm(ctx);
    const { clientId, access, refresh } = openBox(appContext, form.get('box') ?? '');
    const party = findClient(clientId);
    const caller = new ExchangeRecorder(issuer, fetch);
    let stored = { clientId, access, refresh };
    switch (form.get('what')) {
      case 'refresh': {
        const fields = { grant_type: 'refresh_token', refresh_token: refresh ?? '' };
        const tokens = await caller.post('New tokens for the refresh token', '/token', party, fields);
        const { access_token, refresh_token } = tokens;
        if (typeof access_token === 'string') stored = { ...stored, access: access_token };
        if (typeof refresh_token === 'string') stored = { ...stored, refresh: refresh_token };
        break;
      }
      case 'introspect':
        await caller.post('Is the access token still good?', '/token/introspection', party, {
          token: access,
        });
        break;
      case 'revoke':
        await caller.post('The access token is given back', '/token/revocation', party, { token: access });
        break;
      case 'userinfo':
        await caller.get('What the scopes open', '/me', access);
        break;
      default:
        throw new HttpError(400, 'bad_form');
    }
    const { exchanges } = caller;
    const canRefresh = stored.refresh !== undefined;
    const box = sealBox(appContext, stored);
    show(ctx, (frame) =>
      AnswerPage({
        ...frame,
        ...NO_TOKENS,
        asked: null,
        query: {},
        exchanges,
        advice: null,
        box,
        canRefresh,
      }),
    );
  });

  router.get('/developers/people', (ctx) => {
    show(ctx, (frame) => PeoplePage({ ...frame, people: demo().people }));
  });

  router.get('/developers/people/:userId', async (ctx) => {
    const person = demo().people.find(({ userId }) => ctx.path === `/developers/people/${userId}`);
    if (!person) throw new HttpError(404, 'not_found');
    const card = await readDemoCard(appContext, person.userId);
    show(ctx, (frame) => CardPage({ ...frame, person, card }));
  });
}

function toTextValue(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function openRequestOfBrowser(context: AppContext, ctx: Context, state: string): PlaygroundRequest {
  const browser = ctx.cookies.get(COOKIE, { signed: false }) ?? '';
  const pending = openPlaygroundRequest(context.keyring, state, browser, context.clock.now());
  if (!pending) throw new HttpError(400, 'expired');
  return pending;
}

function composeLogoutUrl(issuer: string, idToken: string): string {
  const back = `${issuer}/developers`;
  return `/session/end?${new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: back })}`;
}

interface PlaygroundTokens {
  readonly clientId: string;
  readonly access: string;
  readonly refresh: string | undefined;
}

function sealBox(context: AppContext, stored: object): string {
  return context.keyring.seal('records', JSON.stringify(stored), BOX_CONTEXT).toString('base64url');
}

function openBox(context: AppContext, box: string): PlaygroundTokens {
  try {
    return JSON.parse(
      context.keyring.open('records', Buffer.from(box, 'base64url'), BOX_CONTEXT),
    ) as PlaygroundTokens;
  } catch {
    throw new HttpError(400, 'expired');
  }
}
