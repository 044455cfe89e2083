/** `/self-service/contact`: the address and the language for letters and e-mail. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isLanguage } from '../../../domain/language/language.ts';
import { readEmailInput } from '../../../domain/selfServiceAction.ts';
import { cancelEmail } from '../../contact/index.ts';
import type { FirstPartyUser } from '../../firstPartyClients/index.ts';
import { changeLanguageOfPerson } from './changeLanguage.ts';
import { readAccount } from '../readAccount.ts';
import { requireField } from '../../../http/forms.ts';
import { setLanguageCookie, redirectWithGet, sendPage } from '../../../ui/page.ts';
import { SelfContactPage, type SelfContactFault } from './contact.page.tsx';
import { keepTypedForm, HttpError } from '../../../ui/httpError.ts';
import { redirectToConfirmation } from '../confirm/routes.ts';
import { checkCurrentPassword } from '../signIn/currentPassword.routes.ts';
import {
  composeSelfServiceFrame,
  createSelfServiceRoute,
  withAnswer,
  type FormOutcome,
  type SelfServiceDeps,
} from '../guard.ts';

const PATH = '/self-service/contact';
/** The outcomes that the page reports. */
const DONE_QUERY = ['language', 'confirmed', 'called-off'] as const;

export function addContactRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site, isSecure } = selfService;

  const preparePage = async (ctx: Context, user: FirstPartyUser) => {
    const account = await readAccount(context, user.identityId);
    const frame = composeSelfServiceFrame(selfService, ctx, user);
    const done = DONE_QUERY.find((one) => one === ctx.query['done']) ?? null;
    return (answer: FormOutcome<SelfContactFault>) =>
      SelfContactPage({ ...withAnswer(frame, answer), account, done });
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
      const typed = form.get('email') ?? '';
      keepTypedForm(ctx, (unseen) => page({ typed, unseen }));
      const show = (fault: SelfContactFault) => sendPage(ctx, page({ typed, fault }));
      const what = requireField(form, 'do');
      switch (what) {
        case 'email':
        case 'no-email': {
          const read = what === 'email' ? readEmailInput(requireField(form, 'email')) : { email: null };
          if ('why' in read) return show({ field: 'email', why: read.why });
          const why = await checkCurrentPassword(context, ctx, user, form);
          if (why) return show({ field: 'currentPassword', of: what, why });
          return await redirectToConfirmation(selfService, ctx, user, {
            kind: 'change_email',
            email: read.email,
          });
        }
        case 'call-off': {
          const outcome = await cancelEmail(context, user.identityId, { by: 'person' });
          return redirectWithGet(ctx, outcome === 'done' ? `${PATH}?done=called-off` : PATH);
        }
        case 'language': {
          const language = requireField(form, 'language');
          if (!isLanguage(language)) throw new HttpError(400, 'bad_form');
          await changeLanguageOfPerson(context, user.identityId, language);
          setLanguageCookie(ctx, language, isSecure);
          return redirectWithGet(ctx, `${PATH}?done=language`);
        }
        default:
          throw new HttpError(400, 'bad_form');
      }
    }),
  );
}
