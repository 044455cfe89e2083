/** `/session`: where a person is signed in with this browser, and how to sign out. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { readClientContext } from '../../domain/clientContext.ts';
import { isTwoFactor } from '../../domain/signIn/levels.ts';
import type { BrowserSession } from '../../oidc/signIn/browserSessions.ts';
import { findSignedInSessions, revokeSessionsOfPerson } from './sessions.ts';
import type { AppContext } from '../appContext.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import { readRequestSource } from '../../http/middleware.ts';
import { requireField, isSameText, readForm } from '../../http/forms.ts';
import { followLanguageSwitch, composePageFrame, redirectWithGet, sendPage } from '../../ui/page.ts';
import { NoSessionPage, SessionPage } from './session.page.tsx';
import { HttpError } from '../../ui/httpError.ts';

export const browserSession: Feature = { mount: addSessionRoutes };

function addSessionRoutes(router: Router, context: FeatureDeps): void {
  const { context: appContext, sessions, stylesheet, isSecure } = context;

  router.get('/session', async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const session = await sessions.findSession(ctx);
    const signedIn = session && (await findSignedInSessions(context, session));
    const frame = composePageFrame(ctx, stylesheet);
    if (!signedIn) return sendPage(ctx, NoSessionPage(frame));
    const { kinds } = session;
    const signedInAt = new Date(session.signedInAt.getTime() + appContext.clock.offsetMs);
    const csrf = deriveSessionCsrfToken(appContext, session);
    const { network } = readClientContext(readRequestSource(ctx));
    sendPage(ctx, SessionPage({ ...frame, ...signedIn, kinds, signedInAt, csrf, network }));
  });

  router.post('/session', async (ctx: Context) => {
    const form = await readForm(ctx);
    const session = await sessions.findSession(ctx);
    // Sent twice or too late: the page that follows states that no one is signed in.
    if (!session) return redirectWithGet(ctx, '/session');
    if (!isSameText(deriveSessionCsrfToken(appContext, session), requireField(form, 'csrf')))
      throw new HttpError(403, 'bad_form');
    switch (requireField(form, 'end')) {
      case 'here':
        await sessions.endSession(ctx, session);
        break;
      case 'everywhere':
        // A session with only a password does not sign the person out elsewhere: self-service asks for a key
        // first.
        if (!isTwoFactor(session.kinds)) return redirectWithGet(ctx, '/self-service/access');
        await revokeSessionsOfPerson(appContext, session);
        sessions.clearCookie(ctx);
        break;
      default:
        throw new HttpError(400, 'bad_form');
    }
    return redirectWithGet(ctx, '/session');
  });
}

/** The token depends on the session, whose cookie only this browser has. */
export function deriveSessionCsrfToken({ keyring }: AppContext, { uid }: BrowserSession): string {
  return keyring.csrfToken(`session ${uid}`);
}
