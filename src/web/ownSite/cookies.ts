/**
 * What a browser keeps for a site of our own: who it is there, and its sign-ins on their way, one cookie for each tab.
 * They go to the site alone. A page on a sibling domain can plant such cookies (`Domain=`, with the path of
 * ours), and a person would be somebody else at our site. So beside each stands a small one whose name begins
 * with `__Host-`, which no sibling can set: one has the content of the session, the others name a tab each. What
 * is long stays with the site, for those of `__Host-` come along with every request to Nøgle.
 *
 * A node of the version before sets and reads the former alone. What it has made is known by its form
 * (core/carried/hostBound.ts) and is taken as before, until its session is over.
 */
import type { Context } from 'koa';
import { readCookieHeader } from '../../core/carried/cookieParts.ts';
import { isHostBound } from '../../core/carried/hostBound.ts';
import type { OwnSite } from '../../core/ownSite.ts';
import { openArrival, sealArrival, type Arrival } from '../../usecases/ownSite/arrival.ts';
import { openPending, sealPending, type Pending } from '../../usecases/ownSite/pending.ts';
import type { World } from '../../usecases/world.ts';

/** Tabs that may be on their way at once: what is left lying is thrown away, before headers grow too long. */
const ON_THE_WAY = 5;
/** Sessions of the version before that are looked at: a browser has one, and others may be planted. */
const MOST_FORMER = 3;
/** Of those that came: a browser has a few more than may be on their way, thousands come from no browser. */
const MOST_TABS = 20;
const CONTENT = /^[A-Za-z0-9_-]{43}$/;

export class OwnCookies {
  readonly #world: World;
  readonly #site: OwnSite;
  readonly #isSecure: boolean;
  readonly #name: string;
  /** Null without TLS, where browsers take no such name: on a developer's own machine. */
  readonly #hostName: string | null;

  constructor(world: World, site: OwnSite, isSecure: boolean) {
    this.#world = world;
    this.#site = site;
    this.#isSecure = isSecure;
    this.#name = `${isSecure ? '__Secure-' : ''}${site.clientId}`;
    this.#hostName = isSecure ? `__Host-${site.clientId}` : null;
  }

  /** The one of this browser first; then those that a node of the version before may have made. */
  readSessions(ctx: Context): string[] {
    const kept = readCookieHeader(ctx.get('Cookie')).filter(({ value }) => CONTENT.test(value));
    const ofSite = kept.filter(({ name }) => name === this.#name).map(({ value }) => value);
    if (this.#hostName === null) return ofSite.slice(0, 1);
    const own = kept.filter(({ name }) => name === this.#hostName).map(({ value }) => value);
    const former = ofSite.filter((content) => !isHostBound(content));
    return [...own.slice(0, 1), ...former.slice(0, MOST_FORMER)];
  }

  /** Until the browser is closed. @param content null to forget it. */
  setSession(ctx: Context, content: string | null): void {
    this.#set(ctx, this.#name, content);
    this.#setForHost(ctx, '', content);
  }

  keepPending(ctx: Context, pending: Pending): void {
    const kept = this.#pendingNames(ctx).map((name) => ({ name, at: this.#open(ctx, name)?.at ?? 0 }));
    kept.sort((a, b) => b.at - a.at);
    for (const { name } of kept.slice(ON_THE_WAY - 1)) this.#set(ctx, name, null);
    const staying = kept.slice(0, ON_THE_WAY - 1).map(({ name }) => name.slice(this.#name.length));
    for (const tab of this.#hostTabs(ctx)) if (!staying.includes(tab)) this.#setForHost(ctx, tab, null);
    const name = this.#pendingName(pending.state);
    this.#set(ctx, name, sealPending(this.#world, pending, name));
    this.#setForHost(ctx, tabOf(pending.state), '1');
  }

  /** Null unless this browser began it. */
  readPending(ctx: Context, state: string): Pending | null {
    if (!this.#isOfBrowser(ctx, state)) return null;
    const pending = this.#open(ctx, this.#pendingName(state));
    return pending?.state === state ? pending : null;
  }

  /** In the place of the sign-in that led to it. */
  keepArrival(ctx: Context, arrival: Arrival): void {
    const name = this.#pendingName(arrival.state);
    this.#set(ctx, name, sealArrival(this.#world, arrival, name));
    this.#setForHost(ctx, tabOf(arrival.state), '1');
  }

  readArrival(ctx: Context, state: string): Arrival | null {
    if (!this.#isOfBrowser(ctx, state)) return null;
    const name = this.#pendingName(state);
    const sealed = ctx.cookies.get(name, { signed: false });
    const arrival = sealed ? openArrival(this.#world, sealed, name) : null;
    return arrival?.state === state ? arrival : null;
  }

  forgetPending(ctx: Context, { state }: Pick<Pending, 'state'>): void {
    this.#set(ctx, this.#pendingName(state), null);
    this.#setForHost(ctx, tabOf(state), null);
  }

  #open(ctx: Context, name: string): Pending | null {
    const sealed = ctx.cookies.get(name, { signed: false });
    return sealed ? openPending(this.#world, sealed, name) : null;
  }

  #isOfBrowser(ctx: Context, state: string): boolean {
    if (this.#hostName === null || !isHostBound(state)) return true;
    return this.#hostTabs(ctx).includes(tabOf(state));
  }

  #pendingName(state: string): string {
    return this.#name + tabOf(state);
  }

  #pendingNames(ctx: Context): string[] {
    return tabsUnder(ctx, this.#name).map((tab) => this.#name + tab);
  }

  #hostTabs(ctx: Context): string[] {
    return this.#hostName === null ? [] : tabsUnder(ctx, this.#hostName);
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
function tabOf(state: string): string {
  return `.${CONTENT.test(state) ? state.slice(0, 12) : ''}`;
}

function tabsUnder(ctx: Context, name: string): string[] {
  return readCookieHeader(ctx.get('Cookie'))
    .filter((one) => one.name.startsWith(`${name}.`) && /\.[A-Za-z0-9_-]{12}$/.test(one.name))
    .slice(0, MOST_TABS)
    .map((one) => one.name.slice(name.length));
}
