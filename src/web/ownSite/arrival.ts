/** `/…/continue/:state`: signed in to Nøgle already, and asked whether to go on to this site. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { OwnSite } from '../../core/ownSite.ts';
import { findArrivingName, type Arrival } from '../../usecases/ownSite/arrival.ts';
import type { World } from '../../usecases/world.ts';
import { readForm } from '../forms.ts';
import { followLanguageSwitch, frameOf, sendPage } from '../page.ts';
import { ContinueHerePage } from '../pages/continueHere.tsx';
import type { OwnCookies } from './cookies.ts';

export interface ArrivalOptions {
  readonly world: World;
  readonly site: OwnSite;
  readonly cookies: OwnCookies;
  readonly stylesheet: string;
  readonly isSecure: boolean;
  /** Begins the session and leads on. */
  readonly enter: (ctx: Context, arrival: Arrival) => Promise<void>;
  /** Nothing that this browser began, or too late. */
  readonly refuse: (ctx: Context) => Promise<void>;
}

export function continuePath(site: OwnSite, state: string): string {
  return `${site.path}/continue/${state}`;
}

export function addArrivalRoutes(router: Router, options: ArrivalOptions): void {
  const { world, site, cookies, stylesheet, isSecure, enter, refuse } = options;
  const path = continuePath(site, ':state');
  const find = (ctx: Context) => cookies.readArrival(ctx, ctx.path.slice(path.indexOf(':')));

  router.get(path, async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const arrival = find(ctx);
    if (!arrival) return await refuse(ctx);
    const name = await findArrivingName(world, arrival);
    sendPage(ctx, ContinueHerePage({ ...frameOf(ctx, stylesheet), site, name, action: ctx.path }));
  });

  // Of another site a form brings no cookie, and does not know the address.
  router.post(path, async (ctx: Context) => {
    await readForm(ctx);
    const arrival = find(ctx);
    if (!arrival) return await refuse(ctx);
    await enter(ctx, arrival);
  });
}
