/** `/self-service/sign-in`: the user ID and the password. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Visitor } from '../../usecases/ownSite/ownSession.ts';
import { prepareNewPassword, prepareNewUserId } from '../../usecases/selfService/credentials.ts';
import { readAccount } from '../../usecases/selfService/readAccount.ts';
import { field } from '../forms.ts';
import { sendPage } from '../page.ts';
import { SelfSignInPage } from '../pages/selfService/signIn.tsx';
import { Trouble } from '../trouble.ts';
import { askForKey } from './confirm.ts';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';

const PATH = '/self-service/sign-in';

export function addSignInRoutes(router: Router, selfService: SelfService): void {
  const { world, site } = selfService;

  const show = async (ctx: Context, visitor: Visitor, fault: SelfSignInPage['fault']) => {
    const { userId } = await readAccount(world, visitor.identityId);
    const frame = selfServiceFrame(selfService, ctx, visitor);
    const languageSwitch = fault === null ? frame.languageSwitch : null;
    sendPage(ctx, SelfSignInPage({ ...frame, languageSwitch, userId, fault }));
  };

  router.get(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => await show(ctx, visitor, null)),
  );

  router.post(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const form = await site.readForm(ctx, visitor);
      switch (field(form, 'do')) {
        case 'user-id': {
          const typed = field(form, 'userId');
          const deed = await prepareNewUserId(world, visitor.identityId, typed);
          if (typeof deed === 'string')
            return await show(ctx, visitor, { field: 'userId', why: deed, typed });
          return await askForKey(selfService, ctx, visitor, deed);
        }
        case 'password': {
          const deed = await prepareNewPassword(world, visitor.identityId, field(form, 'password'));
          if (deed === 'busy') throw new Trouble(503, 'busy');
          if (typeof deed === 'string') return await show(ctx, visitor, { field: 'password', why: deed });
          return await askForKey(selfService, ctx, visitor, deed);
        }
        default:
          throw new Trouble(400, 'bad_form');
      }
    }),
  );
}
