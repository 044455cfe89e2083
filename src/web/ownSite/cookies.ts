/**
 * What a browser keeps for a site of our own: who it is there, and its sign-ins on their way, one cookie for each tab.
 * `__Host-` would make them cookies of the whole of Nøgle; these go to the site alone.
 */
import type { Context } from 'koa';
import type { OwnSite } from '../../core/ownSite.ts';
import { openArrival, sealArrival, type Arrival } from '../../usecases/ownSite/arrival.ts';
import { openPending, sealPending, type Pending } from '../../usecases/ownSite/pending.ts';
import type { World } from '../../usecases/world.ts';

/** Tabs that may be on their way at once: what is left lying is thrown away, before headers grow too long. */
const ON_THE_WAY = 5;

export class OwnCookies {
  readonly #world: World;
  readonly #site: OwnSite;
  readonly #isSecure: boolean;
  readonly #name: string;

  constructor(world: World, site: OwnSite, isSecure: boolean) {
    this.#world = world;
    this.#site = site;
    this.#isSecure = isSecure;
    this.#name = `${isSecure ? '__Secure-' : ''}${site.clientId}`;
  }

  readSession(ctx: Context): string | null {
    const content = ctx.cookies.get(this.#name, { signed: false });
    return content && /^[A-Za-z0-9_-]{43}$/.test(content) ? content : null;
  }

  /** Until the browser is closed. @param content null to forget it. */
  setSession(ctx: Context, content: string | null): void {
    this.#set(ctx, this.#name, content);
  }

  keepPending(ctx: Context, pending: Pending): void {
    const kept = this.#pendingNames(ctx).map((name) => ({ name, at: this.#open(ctx, name)?.at ?? 0 }));
    kept.sort((a, b) => b.at - a.at);
    for (const { name } of kept.slice(ON_THE_WAY - 1)) this.#set(ctx, name, null);
    const name = this.#pendingName(pending.state);
    this.#set(ctx, name, sealPending(this.#world, pending, name));
  }

  /** Null unless this browser began it. */
  readPending(ctx: Context, state: string): Pending | null {
    const pending = this.#open(ctx, this.#pendingName(state));
    return pending?.state === state ? pending : null;
  }

  /** In the place of the sign-in that led to it. */
  keepArrival(ctx: Context, arrival: Arrival): void {
    const name = this.#pendingName(arrival.state);
    this.#set(ctx, name, sealArrival(this.#world, arrival, name));
  }

  readArrival(ctx: Context, state: string): Arrival | null {
    const name = this.#pendingName(state);
    const sealed = ctx.cookies.get(name, { signed: false });
    const arrival = sealed ? openArrival(this.#world, sealed, name) : null;
    return arrival?.state === state ? arrival : null;
  }

  forgetPending(ctx: Context, { state }: Pick<Pending, 'state'>): void {
    this.#set(ctx, this.#pendingName(state), null);
  }

  #open(ctx: Context, name: string): Pending | null {
    const sealed = ctx.cookies.get(name, { signed: false });
    return sealed ? openPending(this.#world, sealed, name) : null;
  }

  /** What comes after a point names the tab. */
  #pendingName(state: string): string {
    return `${this.#name}.${/^[A-Za-z0-9_-]{43}$/.test(state) ? state.slice(0, 12) : ''}`;
  }

  #pendingNames(ctx: Context): string[] {
    const names = ctx.get('Cookie').split(/; */);
    return names
      .map((one) => one.split('=')[0] ?? '')
      .filter((name) => name.startsWith(`${this.#name}.`) && /\.[A-Za-z0-9_-]{12}$/.test(name));
  }

  #set(ctx: Context, name: string, content: string | null): void {
    ctx.cookies.set(name, content, {
      signed: false,
      httpOnly: true,
      sameSite: 'lax',
      secure: this.#isSecure,
      path: this.#site.path,
      overwrite: true,
    });
  }
}
