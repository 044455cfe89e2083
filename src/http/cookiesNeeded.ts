/**
 * Tells a browser that it keeps no cookies, once one should have been sent back
 * (domain/errors/cookieProbe.ts).
 */
import type { Context } from 'koa';
import { composePageFrame, sendPage } from '../ui/page.ts';
import { CookiesNeededPage } from '../ui/pages/cookiesNeeded.page.tsx';

/**
 * @param tryAgain where a browser that accepts cookies can start again; null where only the relying party
 *   that it came from knows.
 */
export function sendCookiesNeeded(ctx: Context, stylesheet: string, tryAgain: string | null): void {
  ctx.status = 400;
  const frame = { ...composePageFrame(ctx, stylesheet), languageSwitch: null };
  sendPage(ctx, CookiesNeededPage({ ...frame, host: ctx.host, tryAgain }));
}
