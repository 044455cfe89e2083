/**
 * The shared part of the demo relying parties: an ordinary web site that signs people in with Nøgle through
 * `openid-client`, knows nothing of Nøgle beyond OpenID Connect, and shows the claims that it received.
 */
import { randomBytes } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import Koa from 'koa';
import * as client from 'openid-client';

export interface SiteSettings {
  readonly issuer: string;
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export type Language = 'da' | 'en';

/** The content of the pages of one site. */
export interface Site {
  /** Cookies are shared by all ports of a host: each site has a separate name. */
  readonly cookie: string;
  readonly scope: string;
  readonly name: Record<Language, string>;
  readonly styles: string;
  /** The front page for a browser without a session. */
  welcome(language: Language): string;
  /** The front page for a signed-in person; `notice` is the outcome of their last form. */
  home(language: Language, person: Claims, notice: string): string;
  /** Handles a form; returns the notice. */
  act(language: Language, form: URLSearchParams): string;
}

export interface Claims {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** A claim as readable text; empty where it is missing. */
export function textOf(claims: Claims, claim: string): string {
  const value = claims[claim];
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}

interface Pending {
  readonly verifier: string;
  readonly nonce: string;
}

interface Visit {
  claims?: Claims;
  idToken?: string;
  /** Pending sign-ins by `state`: one for each tab. */
  readonly pending: Map<string, Pending>;
  notice: string;
}

/** A demo keeps everything in memory, and therefore limits the number of visits. */
const VISITS_AT_MOST = 10_000;
const TABS_AT_MOST = 20;

const WORDS = {
  da: {
    signIn: 'Log på med Nøgle',
    signOut: 'Log af',
    got: 'Det fik vi fra Nøgle',
    hello: (name: string) => `Goddag, ${name}`,
    other: 'English',
    demo: 'En prøveside. Intet her er rigtigt.',
    refused: 'Du blev ikke logget på.',
    away: 'Nøgle svarer ikke lige nu. Prøv igen om lidt.',
    why: {
      user_cancelled: 'Du fortrød undervejs.',
      consent_refused: 'Du sagde nej til at give os oplysningerne.',
      public_sites_off: 'Dit ID virker kun i din bank.',
      locked: 'Der er lukket for log på i nogle timer.',
    } as Record<string, string>,
    otherwise: 'Prøv igen.',
  },
  en: {
    signIn: 'Sign in with Nøgle',
    signOut: 'Sign out',
    got: 'What we got from Nøgle',
    hello: (name: string) => `Good day, ${name}`,
    other: 'Dansk',
    demo: 'A demonstration. Nothing here is real.',
    refused: 'You were not signed in.',
    away: 'Nøgle does not answer right now. Try again in a moment.',
    why: {
      user_cancelled: 'You changed your mind on the way.',
      consent_refused: 'You said no to giving us the information.',
      public_sites_off: 'Your ID works only at your bank.',
      locked: 'Sign-in is closed for some hours.',
    } as Record<string, string>,
    otherwise: 'Try again.',
  },
};

const FORM_LIMIT = 10_000;

/** The site as a koa app. It is a demo: people stay signed in for as long as the process lives. */
export function createSite(site: Site, settings: SiteSettings): Koa {
  const app = new Koa();
  const visits = new Map<string, Visit>();
  let discovered: Promise<client.Configuration> | null = null;
  // Discovery runs at the first sign-in: Nøgle may start later than the site, and may have been unavailable.
  const provider = () => {
    discovered ??= client
      .discovery(new URL(settings.issuer), settings.clientId, settings.clientSecret, undefined, {
        execute: [client.allowInsecureRequests],
      })
      .catch((error: unknown) => {
        discovered = null;
        throw error;
      });
    return discovered;
  };

  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      // Nøgle is unavailable, or the form was too long: shown on the front page.
      if (ctx.path === '/') throw error;
      visitOf(ctx, site, visits).notice = notice(WORDS[languageOf(ctx, site)].away);
      go(ctx, '/');
    }
  });

  app.use(async (ctx) => {
    const language = languageOf(ctx, site);
    const visit = visitOf(ctx, site, visits);
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'");

    switch (`${ctx.method} ${ctx.path}`) {
      case 'GET /': {
        const body = visit.claims
          ? `<h1>${escape(WORDS[language].hello(textOf(visit.claims, 'name')))}</h1>
             ${site.home(language, visit.claims, visit.notice)}${received(language, visit.claims)}`
          : `${visit.notice}<section class="hero">${site.welcome(language)}
             <p><a class="button" href="/login">${WORDS[language].signIn}</a></p></section>`;
        visit.notice = '';
        ctx.type = 'html';
        ctx.body = page(site, language, body, visit.claims !== undefined);
        return;
      }
      case 'GET /login': {
        const [verifier, state, nonce] = [
          client.randomPKCECodeVerifier(),
          client.randomState(),
          client.randomNonce(),
        ];
        if (visit.pending.size >= TABS_AT_MOST) visit.pending.clear();
        visit.pending.set(state, { verifier, nonce });
        const url = client.buildAuthorizationUrl(await provider(), {
          redirect_uri: `${settings.url}/cb`,
          scope: site.scope,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          state,
          nonce,
          ui_locales: language,
        });
        return go(ctx, url.href);
      }
      case 'GET /cb': {
        const back = new URL(ctx.url, settings.url);
        const state = back.searchParams.get('state') ?? '';
        const pending = visit.pending.get(state);
        // An unknown or used `state`: an address of another person, or a repeated callback. It changes
        // nothing.
        if (!pending) return go(ctx, '/');
        visit.pending.delete(state);
        const signedIn = await comeBack(await provider(), back, { ...pending, state });
        if ('refusal' in signedIn) visit.notice = notice(refusalIn(signedIn.refusal, language));
        else renew(ctx, site, visits, { ...visit, ...signedIn });
        return go(ctx, '/');
      }
      case 'GET /logout': {
        const { idToken } = visit;
        visits.delete(ctx.cookies.get(site.cookie) ?? '');
        if (!idToken) return go(ctx, '/');
        const url = client.buildEndSessionUrl(await provider(), {
          id_token_hint: idToken,
          post_logout_redirect_uri: `${settings.url}/`,
        });
        return go(ctx, url.href);
      }
      case 'POST /backchannel-logout': {
        // Nøgle notifies the site directly, not through the person's browser: the person of this session is
        // signed out.
        const ended = await sessionIn((await form(ctx)).get('logout_token') ?? '', await provider());
        for (const [id, { claims }] of visits) {
          if (ended && claims?.sub === ended.sub && claims['sid'] === ended.sid) visits.delete(id);
        }
        ctx.status = ended ? 200 : 400;
        return;
      }
      case 'POST /': {
        if (visit.claims) visit.notice = notice(site.act(language, await form(ctx)));
        return go(ctx, '/');
      }
      default:
        ctx.status = 404;
        ctx.type = 'html';
        ctx.body = page(site, language, '<h1>404</h1>', false);
    }
  });
  return app;
}

/** Handles the callback of a sign-in, successful or not. */
async function comeBack(
  provider: client.Configuration,
  url: URL,
  { verifier, nonce, state }: Pending & { state: string },
): Promise<{ claims: Claims; idToken: string } | { refusal: string }> {
  try {
    const tokens = await client.authorizationCodeGrant(provider, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
    });
    const idToken = tokens.claims();
    if (!idToken) throw new Error('no ID token');
    const info = await client.fetchUserInfo(provider, tokens.access_token, idToken.sub);
    return { claims: { ...idToken, ...info }, idToken: tokens.id_token ?? '' };
  } catch {
    return { refusal: (url.searchParams.get('error_description') ?? '').split(':')[0] ?? '' };
  }
}

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * The session that a log-out token ends; null for a token that Nøgle has not signed for this site
 * (Back-Channel Logout 1.0, 2.6).
 */
async function sessionIn(
  token: string,
  provider: client.Configuration,
): Promise<{ sub: string; sid: unknown } | null> {
  const { issuer, jwks_uri: jwksUri } = provider.serverMetadata();
  const audience = provider.clientMetadata().client_id;
  try {
    const keys = createRemoteJWKSet(new URL(jwksUri ?? ''));
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: 'logout+jwt' });
    const events = payload['events'] as Record<string, unknown> | undefined;
    if (!events?.[LOGOUT_EVENT] || payload['nonce'] !== undefined || !payload.sub) return null;
    return { sub: payload.sub, sid: payload['sid'] };
  } catch {
    return null;
  }
}

function refusalIn(code: string, language: Language): string {
  const { refused, why, otherwise } = WORDS[language];
  return `${refused} ${Object.hasOwn(why, code) ? why[code] : otherwise}`;
}

function notice(text: string): string {
  return `<p class="notice" role="alert">${escape(text)}</p>`;
}

/** The claims as received, for developers who integrate. */
function received(language: Language, claims: Claims): string {
  const shown = [
    'sub',
    'name',
    'birthdate',
    'dk.cpr',
    'nemid.pid',
    'acr',
    'amr',
    'auth_time',
    'proofing',
    'identity_type',
  ];
  const rows = shown
    .filter((claim) => claims[claim] !== undefined)
    .map(
      (claim) =>
        `<tr><th scope="row"><code>${claim}</code></th><td>${escape(textOf(claims, claim))}</td></tr>`,
    );
  return `<details><summary>${WORDS[language].got}</summary><table>${rows.join('')}</table></details>`;
}

function page(site: Site, language: Language, body: string, signedIn: boolean): string {
  const words = WORDS[language];
  const name = escape(site.name[language]);
  const other = language === 'da' ? 'en' : 'da';
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${name}</title>
<style>${STYLES}${site.styles}</style></head><body>
<header><div><a class="name" href="/">${name}</a><nav><a href="/?language=${other}" lang="${other}">${words.other}</a>
${signedIn ? `<a href="/logout">${words.signOut}</a>` : ''}</nav></div></header>
<main>${body}</main><footer><p>${words.demo}</p></footer></body></html>`;
}

const STYLES = `
*{box-sizing:border-box}body{margin:0;font:17px/1.5 system-ui,sans-serif;color:#1c2126;background:#f6f7f8}
header{background:var(--brand);color:#fff}header div{display:flex;flex-wrap:wrap;gap:1rem;justify-content:space-between;
max-width:60rem;margin:auto;padding:1rem}header a{color:#fff}.name{font-size:1.35rem;font-weight:700;text-decoration:none}
nav{display:flex;gap:1.25rem;align-items:center}main{max-width:60rem;margin:1.5rem auto;padding:0 1rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 1rem}section{background:#fff;border:1px solid #dde1e5;border-radius:8px;
padding:1.1rem 1.25rem;margin:0 0 1.25rem}h2{font-size:1.2rem;margin:0 0 .6rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.5rem .4rem;border-bottom:1px solid #e6e9ec;overflow-wrap:anywhere}
td.wait{white-space:nowrap}td.amount{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}label{display:block;margin:.6rem 0 .2rem}
input,select{font:inherit;padding:.5rem;border:1px solid #68727b;border-radius:5px;width:100%;max-width:24rem}
.button,button{display:inline-block;font:inherit;font-weight:600;background:var(--brand);color:#fff;border:0;
border-radius:6px;padding:.7rem 1.3rem;text-decoration:none;margin-top:.9rem;cursor:pointer}
main td form{margin:0}main td button{margin:0}td,th{vertical-align:middle}.hero{padding:2rem 1.75rem}
.hero ul{padding-left:1.2rem}.hero h1{margin-bottom:.6rem}.notice{background:#fff7d6;border-left:5px solid #8a6d00;padding:.8rem 1rem;margin:0 0 1.25rem}
details{margin:1rem 0}summary{cursor:pointer;padding:.4rem 0}code{font-size:.9em}footer{max-width:60rem;margin:2rem auto;
padding:0 1rem;color:#545c64;font-size:.9rem}.lead{font-size:1.15rem}`;

function languageOf(ctx: Koa.Context, site: Site): Language {
  const cookie = `${site.cookie}-language`;
  const wanted = ctx.query['language'] ?? ctx.cookies.get(cookie);
  const language = wanted === 'da' || wanted === 'en' ? wanted : ctx.acceptsLanguages('da', 'en') || 'da';
  ctx.cookies.set(cookie, language, { httpOnly: true, sameSite: 'lax' });
  return language === 'en' ? 'en' : 'da';
}

function visitOf(ctx: Koa.Context, site: Site, visits: Map<string, Visit>): Visit {
  const known = visits.get(ctx.cookies.get(site.cookie) ?? '');
  return known ?? renew(ctx, site, visits, { notice: '', pending: new Map() });
}

/** A visit gets a new id when a person signs in: a planted id is useless (session fixation). */
function renew(ctx: Koa.Context, site: Site, visits: Map<string, Visit>, visit: Visit): Visit {
  visits.delete(ctx.cookies.get(site.cookie) ?? '');
  const [oldest] = visits.keys();
  if (visits.size >= VISITS_AT_MOST && oldest !== undefined) visits.delete(oldest);
  const id = randomBytes(24).toString('base64url');
  visits.set(id, visit);
  ctx.cookies.set(site.cookie, id, { httpOnly: true, sameSite: 'lax' });
  return visit;
}

async function form(ctx: Koa.Context): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of ctx.req) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > FORM_LIMIT) ctx.throw(413);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function go(ctx: Koa.Context, url: string): void {
  ctx.redirect(url);
  ctx.status = 303;
}

/** What the site is for, on its front page. */
export function can(things: readonly string[]): string {
  return `<ul>${things.map((thing) => `<li>${escape(thing)}</li>`).join('')}</ul>`;
}

export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
