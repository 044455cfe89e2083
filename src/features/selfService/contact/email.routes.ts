/**
 * `/self-service/email`: the code that confirms that the person reads an e-mail address. It takes no key: a
 * new address waits for a code that only its reader can enter, and requesting the change took a key.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isPathOfClient, SELF_SERVICE_CLIENT } from '../../../domain/relyingParty/firstPartyClient.ts';
import { cancelEmail, confirmEmail, orderCodeForEmailInUse } from '../../contact/index.ts';
import type { FirstPartyUser } from '../../firstPartyClients/index.ts';
import { readAccount, type AccountView } from '../readAccount.ts';
import type { AppContext } from '../../appContext.ts';
import { requireField } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { SelfEmailPage } from './email.page.tsx';
import { HttpError } from '../../../ui/httpError.ts';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';

const PATH = '/self-service/email';
const CONTACT = '/self-service/contact';

export function addEmailRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site } = selfService;

  const show = async (
    ctx: Context,
    user: FirstPartyUser,
    { fault, typed, to }: Pick<SelfEmailPage, 'fault' | 'typed' | 'to'>,
  ) => {
    const shown = findEmailToConfirm(await readAccount(context, user.identityId));
    if (!shown) return redirectWithGet(ctx, to);
    const frame = composeSelfServiceFrame(selfService, ctx, user);
    const languageSwitch = fault === null ? frame.languageSwitch : null;
    sendPage(ctx, SelfEmailPage({ ...frame, languageSwitch, shown, fault, typed, to }));
  };

  router.get(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const { to } = ctx.query;
      await show(ctx, user, {
        fault: null,
        typed: '',
        to: composeOnwardPath(typeof to === 'string' ? to : CONTACT),
      });
    }),
  );

  router.post(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await site.readForm(ctx, user);
      const { identityId } = user;
      const to = composeOnwardPath(form.get('to') ?? CONTACT);
      switch (requireField(form, 'do')) {
        case 'code': {
          const typed = requireField(form, 'code');
          const outcome = await confirmEmail(context, identityId, typed);
          if (outcome === 'confirmed') return redirectWithGet(ctx, `${CONTACT}?done=confirmed`);
          if (outcome === 'none') return redirectWithGet(ctx, CONTACT);
          return await show(ctx, user, { fault: outcome, typed, to });
        }
        case 'again': {
          const outcome = await orderCodeForEmailInUse(context, identityId, { address: ctx.ip });
          if (outcome === 'limit') return await show(ctx, user, { fault: 'limit', typed: '', to });
          return redirectWithGet(ctx, `${PATH}?to=${encodeURIComponent(to)}`);
        }
        case 'without': {
          const outcome = await cancelEmail(context, identityId, { by: 'person' });
          return redirectWithGet(ctx, outcome === 'done' ? `${CONTACT}?done=called-off` : CONTACT);
        }
        default:
          throw new HttpError(400, 'bad_form');
      }
    }),
  );
}

/** Always a path within self-service, regardless of what was sent. */
function composeOnwardPath(to: string): string {
  return isPathOfClient(SELF_SERVICE_CLIENT, to) ? to : SELF_SERVICE_CLIENT.path;
}

/** The address that needs a code; null where each is confirmed, or there is none. */
export function findEmailToConfirm(account: AccountView): SelfEmailPage['shown'] | null {
  const { email, isEmailConfirmed, waitingEmail } = account;
  if (waitingEmail) return waitingEmail;
  return email === null || isEmailConfirmed ? null : { email, kind: 'kept', code: 'none' };
}

/** The first page after signing in. Blocking is never delayed by it. */
export async function chooseEmailPageFirst(
  context: AppContext,
  identityId: string,
  to: string,
): Promise<string> {
  if (to.startsWith('/self-service/block') || to.startsWith(PATH)) return to;
  const account = await readAccount(context, identityId);
  return findEmailToConfirm(account) ? `${PATH}?to=${encodeURIComponent(to)}` : to;
}
