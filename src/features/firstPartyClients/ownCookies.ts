/**
 * The cookies of a first-party client: the session, and one cookie for each tab with a sign-in in progress.
 * They are sent only to the path of the client.
 *
 * A page on a sibling domain can plant such cookies (`Domain=`, with the client's path), and a person would
 * be signed in as someone else. So each has a small companion whose name begins with `__Host-`, which no
 * sibling can set: one has the value of the session, the others name a tab each. The long values stay on the
 * client's path, because `__Host-` cookies are sent with every request to Nøgle.
 *
 * A node of the previous version sets and reads only the former cookies. Its values are recognised by their
 * form (features/firstPartyClients/hostBound.rules.ts) and accepted as before, until the session is over.
 */
import type { Context } from 'koa';
import { readCookieHeader } from '../../domain/cookies/cookieParts.ts';
import { isHostBound } from './hostBound.rules.ts';
import type { FirstPartyClient } from '../../domain/relyingParty/firstPartyClient.ts';
import { openArrival, sealArrival, type FirstPartyArrival } from './firstPartyArrival.ts';
import { openFirstPartyRequest, sealFirstPartyRequest, type FirstPartyRequest } from './firstPartyRequest.ts';
import type { AppContext } from '../appContext.ts';

/** Tabs that may have a sign-in in progress. Older ones are removed before the headers grow too long. */
const MAX_PENDING = 5;
/** Sessions of the previous version that are looked up: a browser has one, and others may be planted. */
const MAX_FORMER_SESSIONS = 3;
/**
 * Tabs whose cookies are read from one request. A browser sends few more than may be in progress; a request
 * with thousands comes from no browser.
 */
const MAX_TABS = 20;
const CONTENT = /^[A-Za-z0-9_-]{43}$/;

export class FirstPartyCookies {
  readonly #context: AppContext;
  readonly #site: FirstPartyClient;
  readonly #isSecure: boolean;
  readonly #name: string;
  /** Null without TLS, where browsers accept no such name: on a developer's machine. */
  readonly #hostName: string | null;

  constructor(context: AppContext, site: FirstPartyClient, isSecure: boolean) {
    this.#context = context;
    this.#site = site;
    this.#isSecure = isSecure;
    this.#name = `${isSecure ? '__Secure-' : ''}${site.clientId}`;
    this.#hostName = isSecure ? `__Host-${site.clientId}` : null;
  }

  /**
   * Returns this browser's own session first, then those that a node of the previous version may have made.
   */
  readSessions(ctx: Context): string[] {
    const remaining = readCookieHeader(ctx.get('Cookie')).filter(({ value }) => CONTENT.test(value));
    const ofSite = remaining.filter(({ name }) => name === this.#name).map(({ value }) => value);
    if (this.#hostName === null) return ofSite.slice(0, 1);
    const hostBound = remaining.filter(({ name }) => name === this.#hostName).map(({ value }) => value);
    const legacy = ofSite.filter((content) => !isHostBound(content));
    return [...hostBound.slice(0, 1), ...legacy.slice(0, MAX_FORMER_SESSIONS)];
  }

  /**
   * Lasts until the browser is closed.
   * @param content null to remove it
   */
  setSession(ctx: Context, content: string | null): void {
    this.#set(ctx, this.#name, content);
    this.#setForHost(ctx, '', content);
  }

  setPending(ctx: Context, pending: FirstPartyRequest): void {
    const remaining = this.#pendingNames(ctx).map((name) => ({ name, at: this.#open(ctx, name)?.at ?? 0 }));
    remaining.sort((a, b) => b.at - a.at);
    for (const { name } of remaining.slice(MAX_PENDING - 1)) this.#set(ctx, name, null);
    const remainingTabs = remaining
      .slice(0, MAX_PENDING - 1)
      .map(({ name }) => name.slice(this.#name.length));
    for (const tab of this.#hostTabs(ctx)) if (!remainingTabs.includes(tab)) this.#setForHost(ctx, tab, null);
    const name = this.#pendingName(pending.state);
    this.#set(ctx, name, sealFirstPartyRequest(this.#context, pending, name));
    this.#setForHost(ctx, composeTabSuffix(pending.state), '1');
  }

  /** Returns null unless this browser began the sign-in. */
  readPending(ctx: Context, state: string): FirstPartyRequest | null {
    if (!this.#isOfBrowser(ctx, state)) return null;
    const pending = this.#open(ctx, this.#pendingName(state));
    return pending?.state === state ? pending : null;
  }

  /** Takes the place of the sign-in that led to it. */
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

/** The part of a cookie's name after the dot identifies the tab. */
function composeTabSuffix(state: string): string {
  return `.${CONTENT.test(state) ? state.slice(0, 12) : ''}`;
}

function listTabCookies(ctx: Context, name: string): string[] {
  return readCookieHeader(ctx.get('Cookie'))
    .filter((one) => one.name.startsWith(`${name}.`) && /\.[A-Za-z0-9_-]{12}$/.test(one.name))
    .slice(0, MAX_TABS)
    .map((one) => one.name.slice(name.length));
}
