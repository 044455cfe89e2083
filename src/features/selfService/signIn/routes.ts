/** `/self-service/sign-in`: changing the user ID and the password. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { FirstPartyUser } from '../../firstPartyClients/index.ts';
import { checkNewPassword, prepareNewPassword, prepareNewUserId } from './newCredentials.ts';
import { readAccount } from '../readAccount.ts';
import { requireField } from '../../../http/forms.ts';
import { sendPage } from '../../../ui/page.ts';
import { SelfSignInPage, type SelfSignInFault } from './signIn.page.tsx';
import { createConnectionSignal } from '../../../http/connection.ts';
import { keepTypedForm, HttpError } from '../../../ui/httpError.ts';
import { redirectToConfirmation } from '../confirm/routes.ts';
import { checkCurrentPassword } from './currentPassword.routes.ts';
import {
  composeSelfServiceFrame,
  createSelfServiceRoute,
  withAnswer,
  type FormOutcome,
  type SelfServiceDeps,
} from '../guard.ts';

const PATH = '/self-service/sign-in';

export function addSignInRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site } = selfService;

  const preparePage = async (ctx: Context, user: FirstPartyUser) => {
    const { userId } = await readAccount(context, user.identityId);
    const frame = composeSelfServiceFrame(selfService, ctx, user);
    return (answer: FormOutcome<SelfSignInFault>) => SelfSignInPage({ ...withAnswer(frame, answer), userId });
  };

  router.get(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) =>
      sendPage(ctx, (await preparePage(ctx, user))({})),
    ),
  );

  router.post(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await site.readForm(ctx, user);
      const page = await preparePage(ctx, user);
      const typed = form.get('userId') ?? '';
      keepTypedForm(ctx, (unseen) => page({ typed, unseen }));
      const { identityId } = user;
      const show = (fault: SelfSignInFault) => sendPage(ctx, page({ typed, fault }));
      switch (requireField(form, 'do')) {
        case 'user-id': {
          const change = await prepareNewUserId(context, identityId, requireField(form, 'userId'));
          if (typeof change === 'string') return show({ field: 'userId', why: change });
          const why = await checkCurrentPassword(context, ctx, user, form);
          if (why) return show({ field: 'currentPassword', of: 'user-id', why });
          return await redirectToConfirmation(selfService, ctx, user, change);
        }
        case 'password': {
          const password = requireField(form, 'password');
          const fault = await checkNewPassword(context, identityId, password);
          if (fault) return show({ field: 'password', why: fault });
          const why = await checkCurrentPassword(context, ctx, user, form);
          if (why) return show({ field: 'currentPassword', of: 'password', why });
          const change = await prepareNewPassword(context, {
            identityId,
            typed: password,
            address: ctx.ip,
            signal: createConnectionSignal(ctx),
          });
          if (change === 'busy') throw new HttpError(503, 'busy');
          return await redirectToConfirmation(selfService, ctx, user, change);
        }
        default:
          throw new HttpError(400, 'bad_form');
      }
    }),
  );
}
