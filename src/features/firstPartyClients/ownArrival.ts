/**
 * `/…/continue/:state`: asks a person who is already signed in to Nøgle whether to continue to this client.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { FirstPartyClient } from '../../domain/relyingParty/firstPartyClient.ts';
import { findNameOfArrival, type FirstPartyArrival } from './firstPartyArrival.ts';
import type { AppContext } from '../appContext.ts';
import { readForm } from '../../http/forms.ts';
import { followLanguageSwitch, composePageFrame, sendPage } from '../../ui/page.ts';
import { ContinueHerePage } from '../../ui/pages/continueHere.page.tsx';
import type { FirstPartyCookies } from './ownCookies.ts';

export interface ArrivalOptions {
  readonly context: AppContext;
  readonly site: FirstPartyClient;
  readonly cookies: FirstPartyCookies;
  readonly stylesheet: string;
  readonly isSecure: boolean;
  /** Creates the session and redirects. */
  readonly enter: (ctx: Context, arrival: FirstPartyArrival) => Promise<void>;
  /** Responds when this browser began no such arrival, or it is too old. */
  readonly refuse: (ctx: Context) => Promise<void>;
}

export function composeContinuePath(site: FirstPartyClient, state: string): string {
  return `${site.path}/continue/${state}`;
}

export function addArrivalRoutes(router: Router, options: ArrivalOptions): void {
  const { context, site, cookies, stylesheet, isSecure, enter, refuse } = options;
  const path = composeContinuePath(site, ':state');
  const find = (ctx: Context) => cookies.readArrival(ctx, ctx.path.slice(path.indexOf(':')));

  router.get(path, async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const arrival = find(ctx);
    if (!arrival) return await refuse(ctx);
    const name = await findNameOfArrival(context, arrival);
    sendPage(ctx, ContinueHerePage({ ...composePageFrame(ctx, stylesheet), site, name, action: ctx.path }));
  });

  // A form from another site sends no cookie, and does not know the address.
  router.post(path, async (ctx: Context) => {
    await readForm(ctx);
    const arrival = find(ctx);
    if (!arrival) return await refuse(ctx);
    await enter(ctx, arrival);
  });
}
