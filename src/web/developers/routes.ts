/**
 * The playground of the sandbox: a relying party that shows each step of what it does. Nothing of it is there in
 * production: the routes are added only where demo people and relying parties are handed over.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { SCOPES } from '../../core/claims.ts';
import { adviceOf } from '../../core/errors/errorTable.ts';
import { readDemoCard } from '../../usecases/demoCard.ts';
import type { World } from '../../usecases/world.ts';
import { readForm } from '../forms.ts';
import { TEXTS } from '../language.ts';
import type { Frame } from '../layout.tsx';
import { frameOf, sendPage } from '../page.ts';
import { AnswerPage } from '../pages/developers/answer.tsx';
import { PlaygroundPage, RequestPage } from '../pages/developers/form.tsx';
import { CardPage, PeoplePage } from '../pages/developers/people.tsx';
import { Trouble } from '../trouble.ts';
import type { Feature, WebContext } from '../feature.ts';
import type { DemoListing } from './demoListing.ts';
import { Caller, type Party } from './exchange.ts';
import { CHOICES, composeRequest, openPending, sealPending, type Choice, type Pending } from './request.ts';

const COOKIE = 'noegle-developers';
const BOX = 'developers tokens v1';
const KNOWN_SCOPES = SCOPES.filter((scope) => scope !== 'openid');

/** Of an answer, where no tokens came. */
const NOTHING = { exchanges: [], token: null, box: null, canRefresh: false, logoutUrl: null };

/** In the sandbox alone. */
export const developers: Feature = {
  mount(router, context) {
    if (context.demo) addDevelopersRoutes(router, context, context.demo);
  },
};

function addDevelopersRoutes(router: Router, context: WebContext, demo: () => DemoListing): void {
  const { world, stylesheet, issuer, fetch } = context;
  const { keyring, dice } = world;
  /** In English throughout, as the docs are. */
  const show = (ctx: Context, page: (frame: Frame) => VNode) => {
    const frame = frameOf(ctx, stylesheet);
    sendPage(ctx, page({ ...frame, t: TEXTS.en, language: 'en', languageSwitch: null }));
  };
  const partyOf = (clientId: string): Party => {
    const party = demo().relyingParties.find((one) => one.clientId === clientId);
    if (!party) throw new Trouble(400, 'bad_request');
    return party;
  };
  const callback = `${issuer}/developers/cb`;

  router.get('/developers', (ctx) => {
    const { relyingParties, failedCalls } = demo();
    show(ctx, (frame) => PlaygroundPage({ ...frame, relyingParties, scopes: KNOWN_SCOPES, failedCalls }));
  });

  router.get('/developers/request', (ctx) => {
    const said = (name: string) => (typeof ctx.query[name] === 'string' ? ctx.query[name] : '');
    const { clientId } = partyOf(said('client_id'));
    const choices = Object.fromEntries(
      Object.entries(CHOICES).map(([name, may]) => {
        const value = said(name);
        if (!(may as readonly string[]).includes(value)) throw new Trouble(400, 'bad_request');
        return [name, value];
      }),
    ) as Record<Choice, string>;
    const scopes = ['openid', ...KNOWN_SCOPES.filter((scope) => said(scope) === 'yes')];
    const { asked, verifier, nonce } = composeRequest({ clientId, scopes, choices }, callback, dice);
    const browser = ctx.cookies.get(COOKIE, { signed: false }) ?? dice.bytes(16).toString('base64url');
    ctx.cookies.set(COOKIE, browser, { signed: false, httpOnly: true, sameSite: 'lax', path: '/developers' });
    const at = world.clock.now().getTime();
    const state = sealPending(keyring, { clientId, verifier, nonce, browser, at, asked });
    show(ctx, (frame) => RequestPage({ ...frame, parameters: { ...asked, state }, path: '/auth' }));
  });

  router.get('/developers/cb', async (ctx) => {
    const query = Object.fromEntries(new URLSearchParams(ctx.querystring));
    const pending = pendingOf(world, ctx, query['state'] ?? '');
    const redirect = { asked: pending.asked, query };
    const caller = new Caller(issuer, fetch);
    if (query['error'] !== undefined || query['code'] === undefined) {
      const advice = adviceOf(query['error'] ?? '', query['error_description'] ?? '');
      show(ctx, (frame) => AnswerPage({ ...frame, ...redirect, ...NOTHING, advice }));
      return;
    }
    const party = partyOf(pending.clientId);
    const tokens = await caller.post('The code is redeemed, with the code verifier', '/token', party, {
      grant_type: 'authorization_code',
      code: query['code'],
      redirect_uri: callback,
      code_verifier: pending.verifier,
    });
    const { access_token: access, id_token: id, refresh_token: refresh, error } = tokens;
    if (typeof access === 'string') await caller.get('What the scopes open', '/me', access);
    const token = typeof id === 'string' ? await caller.decode(id) : null;
    const kept = { clientId: pending.clientId, access, refresh };
    show(ctx, (frame) =>
      AnswerPage({
        ...frame,
        ...redirect,
        exchanges: caller.exchanges,
        advice: typeof error === 'string' ? adviceOf(error, textOf(tokens['error_description'])) : null,
        token,
        box: typeof access === 'string' ? sealBox(world, kept) : null,
        canRefresh: typeof refresh === 'string',
        logoutUrl: typeof id === 'string' ? logoutUrl(issuer, id) : null,
      }),
    );
  });

  router.post('/developers/next', async (ctx) => {
    const form = await readForm(ctx);
    const { clientId, access, refresh } = openBox(world, form.get('box') ?? '');
    const party = partyOf(clientId);
    const caller = new Caller(issuer, fetch);
    let kept = { clientId, access, refresh };
    switch (form.get('what')) {
      case 'refresh': {
        const fields = { grant_type: 'refresh_token', refresh_token: refresh ?? '' };
        const tokens = await caller.post('New tokens for the refresh token', '/token', party, fields);
        const { access_token, refresh_token } = tokens;
        if (typeof access_token === 'string') kept = { ...kept, access: access_token };
        if (typeof refresh_token === 'string') kept = { ...kept, refresh: refresh_token };
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
        throw new Trouble(400, 'bad_form');
    }
    const { exchanges } = caller;
    const canRefresh = kept.refresh !== undefined;
    const box = sealBox(world, kept);
    show(ctx, (frame) =>
      AnswerPage({ ...frame, ...NOTHING, asked: null, query: {}, exchanges, advice: null, box, canRefresh }),
    );
  });

  router.get('/developers/people', (ctx) => {
    show(ctx, (frame) => PeoplePage({ ...frame, people: demo().people }));
  });

  router.get('/developers/people/:userId', async (ctx) => {
    const person = demo().people.find(({ userId }) => ctx.path === `/developers/people/${userId}`);
    if (!person) throw new Trouble(404, 'not_found');
    const card = await readDemoCard(world, person.userId);
    show(ctx, (frame) => CardPage({ ...frame, person, card }));
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function pendingOf(world: World, ctx: Context, state: string): Pending {
  const browser = ctx.cookies.get(COOKIE, { signed: false }) ?? '';
  const pending = openPending(world.keyring, state, browser, world.clock.now());
  if (!pending) throw new Trouble(400, 'expired');
  return pending;
}

function logoutUrl(issuer: string, idToken: string): string {
  const back = `${issuer}/developers`;
  return `/session/end?${new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: back })}`;
}

interface Kept {
  readonly clientId: string;
  readonly access: string;
  readonly refresh: string | undefined;
}

function sealBox(world: World, kept: object): string {
  return world.keyring.seal('records', JSON.stringify(kept), BOX).toString('base64url');
}

function openBox(world: World, box: string): Kept {
  try {
    return JSON.parse(world.keyring.open('records', Buffer.from(box, 'base64url'), BOX)) as Kept;
  } catch {
    throw new Trouble(400, 'expired');
  }
}
