/** `/self-service/sign-in`: the user ID and the password. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Visitor } from '../../usecases/ownSite/ownSession.ts';
import {
  checkNewPassword,
  prepareNewPassword,
  prepareNewUserId,
} from '../../usecases/selfService/credentials.ts';
import { readAccount } from '../../usecases/selfService/readAccount.ts';
import { field } from '../forms.ts';
import { sendPage } from '../page.ts';
import { SelfSignInPage, type SelfSignInFault } from '../pages/selfService/signIn.tsx';
import { connectionSignal } from '../protocol/connection.ts';
import { keepTyped, Trouble } from '../trouble.ts';
import { askForKey } from './confirm.ts';
import { judgeCurrentPassword } from './currentPassword.ts';
import {
  selfServiceFrame,
  selfServiceRoute,
  withAnswer,
  type FormOutcome,
  type SelfService,
} from './guard.ts';

const PATH = '/self-service/sign-in';

export function addSignInRoutes(router: Router, selfService: SelfService): void {
  const { world, site } = selfService;

  const pageOf = async (ctx: Context, visitor: Visitor) => {
    const { userId } = await readAccount(world, visitor.identityId);
    const frame = selfServiceFrame(selfService, ctx, visitor);
    return (answer: FormOutcome<SelfSignInFault>) => SelfSignInPage({ ...withAnswer(frame, answer), userId });
  };

  router.get(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => sendPage(ctx, (await pageOf(ctx, visitor))({}))),
  );

  router.post(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const form = await site.readForm(ctx, visitor);
      const page = await pageOf(ctx, visitor);
      const typed = form.get('userId') ?? '';
      keepTyped(ctx, (unseen) => page({ typed, unseen }));
      const { identityId } = visitor;
      const show = (fault: SelfSignInFault) => sendPage(ctx, page({ typed, fault }));
      switch (field(form, 'do')) {
        case 'user-id': {
          const change = await prepareNewUserId(world, identityId, field(form, 'userId'));
          if (typeof change === 'string') return show({ field: 'userId', why: change });
          const why = await judgeCurrentPassword(world, ctx, visitor, form);
          if (why) return show({ field: 'currentPassword', of: 'user-id', why });
          return await askForKey(selfService, ctx, visitor, change);
        }
        case 'password': {
          const password = field(form, 'password');
          const fault = await checkNewPassword(world, identityId, password);
          if (fault) return show({ field: 'password', why: fault });
          const why = await judgeCurrentPassword(world, ctx, visitor, form);
          if (why) return show({ field: 'currentPassword', of: 'password', why });
          const change = await prepareNewPassword(world, {
            identityId,
            typed: password,
            address: ctx.ip,
            signal: connectionSignal(ctx),
          });
          if (change === 'busy') throw new Trouble(503, 'busy');
          return await askForKey(selfService, ctx, visitor, change);
        }
        default:
          throw new Trouble(400, 'bad_form');
      }
    }),
  );
}
