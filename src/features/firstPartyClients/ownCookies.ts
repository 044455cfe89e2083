/**
 * What a browser keeps for a site of our own: who it is there, and its sign-ins on their way, one cookie for each tab.
 * They go to the site alone. A page on a sibling domain can plant such cookies (`Domain=`, with the path of
 * ours), and a person would be somebody else at our site. So beside each stands a small one whose name begins
 * with `__Host-`, which no sibling can set: one has the content of the session, the others name a tab each. What
 * is long stays with the site, for those of `__Host-` come along with every request to Nøgle.
 *
 * A node of the version before sets and reads the former alone. What it has made is known by its form
 * (features/firstPartyClients/hostBound.rules.ts) and is taken as before, until its session is over.
 */
import type { Context } from 'koa';
import { readCookieHeader } from '../../domain/cookies/cookieParts.ts';
import { isHostBound } from './hostBound.rules.ts';
import type { FirstPartyClient } from '../../domain/relyingParty/firstPartyClient.ts';
import { openArrival, sealArrival, type FirstPartyArrival } from './firstPartyArrival.ts';
import { openFirstPartyRequest, sealFirstPartyRequest, type FirstPartyRequest } from './firstPartyRequest.ts';
import type { AppContext } from '../appContext.ts';

/** Tabs that may be on their way at once: what is left lying is thrown away, before headers grow too long. */
const PENDING_PREFIX = 5;
/** Sessions of the version before that are looked at: a browser has one, and others may be planted. */
const MAX_FORMER_SESSIONS = 3;
/** Of those that came: a browser has a few more than may be on their way, thousands come from no browser. */
const MAX_TABS = 20;
const CONTENT = /^[A-Za-z0-9_-]{43}$/;

export class FirstPartyCookies {
  readonly #context: AppContext;
  readonly #site: FirstPartyClient;
  readonly #isSecure: boolean;
  readonly #name: string;
  /** Null without TLS, where browsers take no such name: on a developer's own machine. */
  readonly #hostName: string | null;

  constructor(context: AppContext, site: FirstPartyClient, isSecure: boolean) {
    this.#context = context;
    this.#site = site;
    this.#isSecure = isSecure;
    this.#name = `${isSecure ? '__Secure-' : ''}${site.clientId}`;
    this.#hostName = isSecure ? `__Host-${site.clientId}` : null;
  }

  /** The one of this browser first; then those that a node of the version before may have made. */
  readSessions(ctx: Context): string[] {
    const remaining = readCookieHeader(ctx.get('Cookie')).filter(({ value }) => CONTENT.test(value));
    const ofSite = remaining.filter(({ name }) => name === this.#name).map(({ value }) => value);
    if (this.#hostName === null) return ofSite.slice(0, 1);
    const own = remaining.filter(({ name }) => name === this.#hostName).map(({ value }) => value);
    const former = ofSite.filter((content) => !isHostBound(content));
    return [...own.slice(0, 1), ...former.slice(0, MAX_FORMER_SESSIONS)];
  }

  /** Until the browser is closed. @param content null to forget it. */
  setSession(ctx: Context, content: string | null): void {
    this.#set(ctx, this.#name, content);
    this.#setForHost(ctx, '', content);
  }

  setPending(ctx: Context, pending: FirstPartyRequest): void {
    const remaining = this.#pendingNames(ctx).map((name) => ({ name, at: this.#open(ctx, name)?.at ?? 0 }));
    remaining.sort((a, b) => b.at - a.at);
    for (const { name } of remaining.slice(PENDING_PREFIX - 1)) this.#set(ctx, name, null);
    const staying = remaining.slice(0, PENDING_PREFIX - 1).map(({ name }) => name.slice(this.#name.length));
    for (const tab of this.#hostTabs(ctx)) if (!staying.includes(tab)) this.#setForHost(ctx, tab, null);
    const name = this.#pendingName(pending.state);
    this.#set(ctx, name, sealFirstPartyRequest(this.#context, pending, name));
    this.#setForHost(ctx, composeTabSuffix(pending.state), '1');
  }

  /** Null unless this browser began it. */
  readPending(ctx: Context, state: string): FirstPartyRequest | null {
    if (!this.#isOfBrowser(ctx, state)) return null;
    const pending = this.#open(ctx, this.#pendingName(state));
    return pending?.state === state ? pending : null;
  }

  /** In the place of the sign-in that led to it. */
  setArrival(ctx: Context, arrival: FirstPartyArrival): void {
    const name = this.#pendingName(arrival.state);
    this.#set(ctx, name, sealArrival(this.#context, arrival, name));
    this.#setForHost(ctx, composeTabSuffix(arrival.state), '1');
  }

  readArrival(ctx: Context, state: string): FirstPartyArrival | null {
    if (!this.#isOfBrowser(ctx, state)) return null;
    const name = this.#pendingName(state);
    const sealed = ctx.cookies.get(name, { signed: false });
    const arrival = sealed ? openArrival(this.#context, sealed, name) : null;
    return arrival?.state === state ? arrival : null;
  }

  clearPending(ctx: Context, { state }: Pick<FirstPartyRequest, 'state'>): void {
    this.#set(ctx, this.#pendingName(state), null);
    this.#setForHost(ctx, composeTabSuffix(state), null);
  }

  #open(ctx: Context, name: string): FirstPartyRequest | null {
    const sealed = ctx.cookies.get(name, { signed: false });
    return sealed ? openFirstPartyRequest(this.#context, sealed, name) : null;
  }

  #isOfBrowser(ctx: Context, state: string): boolean {
    if (this.#hostName === null || !isHostBound(state)) return true;
    return this.#hostTabs(ctx).includes(composeTabSuffix(state));
  }

  #pendingName(state: string): string {
    return this.#name + composeTabSuffix(state);
  }

  #pendingNames(ctx: Context): string[] {
    return listTabCookies(ctx, this.#name).map((tab) => this.#name + tab);
  }

  #hostTabs(ctx: Context): string[] {
    return this.#hostName === null ? [] : listTabCookies(ctx, this.#hostName);
  }

  #set(ctx: Context, name: string, content: string | null, path = this.#site.path): void {
    ctx.cookies.set(name, content, {
      signed: false,
      httpOnly: true,
      sameSite: 'lax',
      secure: this.#isSecure,
      path,
      overwrite: true,
    });
  }

  #setForHost(ctx: Context, tab: string, content: string | null): void {
    if (this.#hostName !== null) this.#set(ctx, this.#hostName + tab, content, '/');
  }
}

/** What comes after a point names the tab. */
function composeTabSuffix(state: string): string {
  return `.${CONTENT.test(state) ? state.slice(0, 12) : ''}`;
}

function listTabCookies(ctx: Context, name: string): string[] {
  return readCookieHeader(ctx.get('Cookie'))
    .filter((one) => one.name.startsWith(`${name}.`) && /\.[A-Za-z0-9_-]{12}$/.test(one.name))
    .slice(0, MAX_TABS)
    .map((one) => one.name.slice(name.length));
}
