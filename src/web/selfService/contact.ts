/** `/self-service/contact`: where, and in which language, the person is written to. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { readEmail } from '../../core/selfService/deed.ts';
import { callOffEmail } from '../../usecases/contact/callOffEmail.ts';
import type { Visitor } from '../../usecases/ownSite/ownSession.ts';
import { changeLanguage } from '../../usecases/selfService/changeLanguage.ts';
import { readAccount } from '../../usecases/selfService/readAccount.ts';
import { field } from '../forms.ts';
import { keepLanguage, seeOther, sendPage } from '../page.ts';
import { SelfContactPage } from '../pages/selfService/contact.tsx';
import { Trouble } from '../trouble.ts';
import { askForKey } from './confirm.ts';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';

const PATH = '/self-service/contact';
/** What the page says that it has come to. */
const DONE = ['language', 'confirmed', 'called-off'] as const;

export function addContactRoutes(router: Router, selfService: SelfService): void {
  const { world, site, isSecure } = selfService;

  const show = async (ctx: Context, visitor: Visitor, fault: SelfContactPage['fault']) => {
    const account = await readAccount(world, visitor.identityId);
    const frame = selfServiceFrame(selfService, ctx, visitor);
    const languageSwitch = fault === null ? frame.languageSwitch : null;
    const done = DONE.find((one) => one === ctx.query['done']) ?? null;
    sendPage(ctx, SelfContactPage({ ...frame, languageSwitch, account, fault, done }));
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
        case 'email': {
          const typed = field(form, 'email');
          const read = readEmail(typed);
          if ('why' in read) return await show(ctx, visitor, { why: read.why, typed });
          return await askForKey(selfService, ctx, visitor, { kind: 'change_email', email: read.email });
        }
        case 'no-email':
          return await askForKey(selfService, ctx, visitor, { kind: 'change_email', email: null });
        case 'call-off': {
          const came = await callOffEmail(world, visitor.identityId, { by: 'person' });
          return seeOther(ctx, came === 'done' ? `${PATH}?done=called-off` : PATH);
        }
        case 'language': {
          const language = field(form, 'language');
          if (language !== 'da' && language !== 'en') throw new Trouble(400, 'bad_form');
          await changeLanguage(world, visitor.identityId, language);
          keepLanguage(ctx, language, isSecure);
          return seeOther(ctx, `${PATH}?done=language`);
        }
        default:
          throw new Trouble(400, 'bad_form');
      }
    }),
  );
}
