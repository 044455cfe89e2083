/** Pages that the provider asks for: an error of a request, and the question at a log-out. */
import type { Context } from 'koa';
import { sendErrorPage } from '../../http/errorHandler.ts';
import { composePageFrame, composeSwitchElsewhere, sendPage } from '../../ui/page.ts';
import { LoggedOutPage, LogoutPage, StillSignedInPage } from './logout.page.tsx';

/** @param uiLocalesOf returns the `ui_locales` of the relying party's request */
export function createProviderPages(stylesheet: string, uiLocalesOf: (ctx: Context) => string) {
  const composeFrame = (ctx: Context, uiLocales: string) => ({
    ...composePageFrame(ctx, stylesheet, { uiLocales }),
    languageSwitch: composeSwitchElsewhere(ctx),
  });
  return {
    error: (ctx: Context, error: string): void => {
      // The relying party wrote the authorization request, not the person.
      const isLate = error === 'invalid_request' && ctx.path !== '/auth';
      sendErrorPage(ctx, stylesheet, isLate ? 'expired' : 'bad_request');
    },
    logout: (ctx: Context, form: string): void => {
      const uiLocales = uiLocalesOf(ctx);
      sendPage(ctx, LogoutPage({ ...composeFrame(ctx, uiLocales), form, uiLocales }));
    },
    loggedOut: (ctx: Context, isStillSignedIn: boolean): void => {
      const frame = composeFrame(ctx, uiLocalesOf(ctx));
      sendPage(ctx, isStillSignedIn ? StillSignedInPage(frame) : LoggedOutPage(frame));
    },
  };
}
