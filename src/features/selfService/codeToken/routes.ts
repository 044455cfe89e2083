/** `/self-service/code-token`: the code token in use and the one on its way. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { drawSecret } from '../../../domain/random.ts';
import { requireField, type PostedForm } from '../../../http/forms.ts';
import { HttpError } from '../../../ui/httpError.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import type { FirstPartyUser } from '../../firstPartyClients/index.ts';
import { isGuardianNeeded } from '../../guardian/index.ts';
import { redirectToConfirmation } from '../confirm/routes.ts';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';
import { SelfCodeTokenPage, type CodeTokenFault } from './codeToken.page.tsx';
import { blockOwnCodeToken, reportCodeTokenLost, stopOwnCodeToken } from './endCodeToken.ts';
import { readCodeTokens } from './readCodeTokens.ts';
import { verifyFirstCode, verifyTwoCodes, type CodeVerification } from './verifyOwnCode.ts';

const PATH = '/self-service/code-token';
const DONE = ['lost', 'stopped', 'blocked'] as const;

export function addCodeTokenRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site } = selfService;

  const show = async (ctx: Context, user: FirstPartyUser, fault: CodeTokenFault | null) => {
    const frame = composeSelfServiceFrame(selfService, ctx, user);
    const isDone = DONE.find((one) => ctx.method === 'GET' && one === ctx.query['done']) ?? null;
    const page = {
      ...frame,
      languageSwitch: fault ? null : frame.languageSwitch,
      ...(await readCodeTokens(context, user.identityId)),
      nonce: drawSecret(context.random),
      fault,
      isDone,
    };
    sendPage(ctx, SelfCodeTokenPage(page));
  };

  /** After a right code a key of the card is asked for; nothing has changed before it. */
  const goOn = async (ctx: Context, user: FirstPartyUser, verified: CodeVerification) => {
    switch (verified.kind) {
      case 'busy':
        throw new HttpError(503, 'busy');
      case 'fault':
        return await show(ctx, user, verified.fault);
      case 'gone':
        return redirectWithGet(ctx, PATH);
      case 'right':
        return await redirectToConfirmation(selfService, ctx, user, verified.action);
    }
  };

  router.get(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => await show(ctx, user, null)),
  );

  router.post(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await site.readForm(ctx, user);
      const { identityId } = user;
      switch (requireField(form, 'do')) {
        case 'order':
          // The page says why, and what to do. Judged again when it is ordered.
          if (await isGuardianNeeded(context, identityId)) return redirectWithGet(ctx, PATH);
          return await redirectToConfirmation(selfService, ctx, user, { kind: 'order_code_token' });
        case 'activate':
          return await goOn(
            ctx,
            user,
            await verifyFirstCode(context, identityId, requireField(form, 'code'), readNonce(form)),
          );
        case 'adjust': {
          const codes = [requireField(form, 'first'), requireField(form, 'second')] as const;
          return await goOn(ctx, user, await verifyTwoCodes(context, identityId, codes, readNonce(form)));
        }
        case 'not-arrived': {
          // Sent twice, or too late: the page that follows shows the present state.
          const isLost = await reportCodeTokenLost(context, identityId);
          return redirectWithGet(ctx, isLost ? `${PATH}?done=lost` : PATH);
        }
        case 'stop': {
          const isStopped = await stopOwnCodeToken(context, identityId);
          return redirectWithGet(ctx, isStopped ? `${PATH}?done=stopped` : PATH);
        }
        case 'block': {
          const isBlocked = await blockOwnCodeToken(context, user);
          return redirectWithGet(ctx, isBlocked ? `${PATH}?done=blocked` : PATH);
        }
        default:
          throw new HttpError(400, 'bad_form');
      }
    }),
  );
}

function readNonce(form: PostedForm): string {
  return requireField(form, 'nonce');
}
