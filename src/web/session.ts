/** `/session`: where somebody is signed in with this browser, and the way out. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isTwoFactor } from '../core/levels.ts';
import type { BrowserSession } from '../oidc/session.ts';
import { findSignedIn, signOutEverywhere } from '../usecases/sessions.ts';
import type { World } from '../usecases/world.ts';
import type { Feature, WebContext } from './feature.ts';
import { field, isSameText, readForm } from './forms.ts';
import { followLanguageSwitch, frameOf, seeOther, sendPage } from './page.ts';
import { NoSessionPage, SessionPage } from './pages/session.tsx';
import { Trouble } from './trouble.ts';

export const browserSession: Feature = { mount: addSessionRoutes };

function addSessionRoutes(router: Router, context: WebContext): void {
  const { world, sessions, stylesheet, isSecure } = context;

  router.get('/session', async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const session = await sessions.find(ctx);
    const signedIn = session && (await findSignedIn(world, session));
    const frame = frameOf(ctx, stylesheet);
    if (!signedIn) return sendPage(ctx, NoSessionPage(frame));
    const { kinds, signedInAt } = session;
    const csrf = sessionCsrfToken(world, session);
    sendPage(ctx, SessionPage({ ...frame, ...signedIn, kinds, signedInAt, csrf }));
  });

  router.post('/session', async (ctx: Context) => {
    const form = await readForm(ctx);
    const session = await sessions.find(ctx);
    // Twice, or too late: the page that follows says that nobody is signed in.
    if (!session) return seeOther(ctx, '/session');
    if (!isSameText(sessionCsrfToken(world, session), field(form, 'csrf')))
      throw new Trouble(403, 'bad_form');
    switch (field(form, 'end')) {
      case 'here':
        await sessions.end(ctx, session);
        break;
      case 'everywhere':
        // A password alone signs nobody out elsewhere: there the person gives a key first.
        if (!isTwoFactor(session.kinds)) return seeOther(ctx, '/self-service/access');
        await signOutEverywhere(world, session);
        sessions.clearCookie(ctx);
        break;
      default:
        throw new Trouble(400, 'bad_form');
    }
    return seeOther(ctx, '/session');
  });
}

/** Bound to the session, whose cookie only this browser has. */
export function sessionCsrfToken({ keyring }: World, { uid }: BrowserSession): string {
  return keyring.csrfToken(`session ${uid}`);
}
