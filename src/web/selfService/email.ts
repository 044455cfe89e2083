/**
 * `/self-service/email`: the code that shows that an e-mail address is the person's. It takes no key: an
 * address that was given waits for what its person can read there, and a change of it took a key when it was
 * asked for.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isWithin, SELF_SERVICE } from '../../core/ownSite.ts';
import { callOffEmail } from '../../usecases/contact/callOffEmail.ts';
import { confirmEmail } from '../../usecases/contact/confirmEmail.ts';
import { orderCodeForEmailInUse } from '../../usecases/contact/orderEmailCode.ts';
import type { Visitor } from '../../usecases/ownSite/ownSession.ts';
import { readAccount, type Account } from '../../usecases/selfService/readAccount.ts';
import type { World } from '../../usecases/world.ts';
import { field } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import { SelfEmailPage } from '../pages/selfService/email.tsx';
import { Trouble } from '../trouble.ts';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';

const PATH = '/self-service/email';
const CONTACT = '/self-service/contact';

export function addEmailRoutes(router: Router, selfService: SelfService): void {
  const { world, site } = selfService;

  const show = async (
    ctx: Context,
    visitor: Visitor,
    { fault, typed, to }: Pick<SelfEmailPage, 'fault' | 'typed' | 'to'>,
  ) => {
    const shown = emailToConfirm(await readAccount(world, visitor.identityId));
    if (!shown) return seeOther(ctx, to);
    const frame = selfServiceFrame(selfService, ctx, visitor);
    const languageSwitch = fault === null ? frame.languageSwitch : null;
    sendPage(ctx, SelfEmailPage({ ...frame, languageSwitch, shown, fault, typed, to }));
  };

  router.get(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const { to } = ctx.query;
      await show(ctx, visitor, { fault: null, typed: '', to: wayOn(typeof to === 'string' ? to : CONTACT) });
    }),
  );

  router.post(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const form = await site.readForm(ctx, visitor);
      const { identityId } = visitor;
      const to = wayOn(form.get('to') ?? CONTACT);
      switch (field(form, 'do')) {
        case 'code': {
          const typed = field(form, 'code');
          const came = await confirmEmail(world, identityId, typed);
          if (came === 'confirmed') return seeOther(ctx, `${CONTACT}?done=confirmed`);
          if (came === 'none') return seeOther(ctx, CONTACT);
          return await show(ctx, visitor, { fault: came, typed, to });
        }
        case 'again': {
          const came = await orderCodeForEmailInUse(world, identityId, { address: ctx.ip });
          if (came === 'limit') return await show(ctx, visitor, { fault: 'limit', typed: '', to });
          return seeOther(ctx, `${PATH}?to=${encodeURIComponent(to)}`);
        }
        case 'without': {
          const came = await callOffEmail(world, identityId, { by: 'person' });
          return seeOther(ctx, came === 'done' ? `${CONTACT}?done=called-off` : CONTACT);
        }
        default:
          throw new Trouble(400, 'bad_form');
      }
    }),
  );
}

/** Within the site, whatever was sent. */
function wayOn(to: string): string {
  return isWithin(SELF_SERVICE, to) ? to : SELF_SERVICE.path;
}

/** The address that a code is asked for; null where each has answered, or there is none. */
export function emailToConfirm(account: Account): SelfEmailPage['shown'] | null {
  const { email, isEmailConfirmed, waitingEmail } = account;
  if (waitingEmail) return waitingEmail;
  return email === null || isEmailConfirmed ? null : { email, kind: 'kept', code: 'none' };
}

/** What somebody who has just signed in is asked first. To block is never put off. */
export async function askForEmailFirst(world: World, identityId: string, to: string): Promise<string> {
  if (to.startsWith('/self-service/block') || to.startsWith(PATH)) return to;
  const account = await readAccount(world, identityId);
  return emailToConfirm(account) ? `${PATH}?to=${encodeURIComponent(to)}` : to;
}
