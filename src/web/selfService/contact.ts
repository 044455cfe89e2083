/** `/self-service/contact`: where, and in which language, the person is written to. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isLanguage } from '../../core/language/language.ts';
import { readEmail } from '../../core/selfService/deed.ts';
import { callOffEmail } from '../../usecases/contact/callOffEmail.ts';
import type { Visitor } from '../../usecases/ownSite/ownSession.ts';
import { changeLanguage } from '../../usecases/selfService/changeLanguage.ts';
import { readAccount } from '../../usecases/selfService/readAccount.ts';
import { field } from '../forms.ts';
import { keepLanguage, seeOther, sendPage } from '../page.ts';
import { SelfContactPage, type SelfContactFault } from '../pages/selfService/contact.tsx';
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

const PATH = '/self-service/contact';
/** What the page says that it has come to. */
const DONE = ['language', 'confirmed', 'called-off'] as const;

export function addContactRoutes(router: Router, selfService: SelfService): void {
  const { world, site, isSecure } = selfService;

  const pageOf = async (ctx: Context, visitor: Visitor) => {
    const account = await readAccount(world, visitor.identityId);
    const frame = selfServiceFrame(selfService, ctx, visitor);
    const done = DONE.find((one) => one === ctx.query['done']) ?? null;
    return (answer: FormOutcome<SelfContactFault>) =>
      SelfContactPage({ ...withAnswer(frame, answer), account, done });
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
      const typed = form.get('email') ?? '';
      keepTyped(ctx, (unseen) => page({ typed, unseen }));
      const show = (fault: SelfContactFault) => sendPage(ctx, page({ typed, fault }));
      const what = field(form, 'do');
      switch (what) {
        case 'email':
        case 'no-email': {
          const read = what === 'email' ? readEmail(field(form, 'email')) : { email: null };
          if ('why' in read) return show({ field: 'email', why: read.why });
          const why = await judgeCurrentPassword(world, ctx, visitor, form);
          if (why) return show({ field: 'currentPassword', of: what, why });
          return await askForKey(selfService, ctx, visitor, { kind: 'change_email', email: read.email });
        }
        case 'call-off': {
          const came = await callOffEmail(world, visitor.identityId, { by: 'person' });
          return seeOther(ctx, came === 'done' ? `${PATH}?done=called-off` : PATH);
        }
        case 'language': {
          const language = field(form, 'language');
          if (!isLanguage(language)) throw new Trouble(400, 'bad_form');
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
