/** `/self-service/card`: the cards, and the threshold at which a new one is sent. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isCardFormat } from '../../../domain/card/cardFormat.ts';
import { THRESHOLD_RANGE } from '../../../domain/rules.ts';
import { foldSignVariants } from '../../../domain/input/typedText.ts';
import { reportCardNotArrived } from '../../identity/index.ts';
import type { FirstPartyUser } from '../../firstPartyClients/index.ts';
import { readAccount } from '../readAccount.ts';
import { requireField } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { SelfCardPage } from './card.page.tsx';
import { HttpError } from '../../../ui/httpError.ts';
import { redirectToConfirmation } from '../confirm/routes.ts';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';

const PATH = '/self-service/card';

export function addCardRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site } = selfService;

  const show = async (ctx: Context, user: FirstPartyUser, typed: string | null) => {
    const account = await readAccount(context, user.identityId);
    const isLost = ctx.query['done'] === 'not-arrived';
    const isSameFormat = ctx.query['done'] === 'same-format';
    const frame = composeSelfServiceFrame(selfService, ctx, user);
    const languageSwitch = typed === null ? frame.languageSwitch : null;
    sendPage(ctx, SelfCardPage({ ...frame, languageSwitch, account, typed, isLost, isSameFormat }));
  };

  router.get(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => await show(ctx, user, null)),
  );

  router.post(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await site.readForm(ctx, user);
      switch (requireField(form, 'do')) {
        case 'threshold': {
          const typed = requireField(form, 'threshold');
          const threshold = readTypedThreshold(typed);
          if (threshold === null) return await show(ctx, user, typed);
          return await redirectToConfirmation(selfService, ctx, user, {
            kind: 'change_threshold',
            threshold,
          });
        }
        case 'order':
          return await redirectToConfirmation(selfService, ctx, user, { kind: 'order_card' });
        case 'format': {
          const format = form.get('cardFormat');
          if (!isCardFormat(format)) throw new HttpError(400, 'bad_form');
          const order = form.get('order') === 'yes';
          const { cardFormat } = await readAccount(context, user.identityId);
          if (format === cardFormat && !order) return redirectWithGet(ctx, `${PATH}?done=same-format`);
          return await redirectToConfirmation(selfService, ctx, user, {
            kind: 'change_card_format',
            format,
            order,
          });
        }
        case 'not-arrived': {
          // Sent twice, or too late: the page that follows shows the present state.
          const done = await reportCardNotArrived(context, user.identityId, { by: 'person' });
          return redirectWithGet(ctx, done === 'done' ? `${PATH}?done=not-arrived` : PATH);
        }
        default:
          throw new HttpError(400, 'bad_form');
      }
    }),
  );
}

function readTypedThreshold(typed: string): number | null {
  const digits = foldSignVariants(typed).trim();
  if (!/^[0-9]{1,3}$/.test(digits)) return null;
  const threshold = Number(digits);
  return threshold >= THRESHOLD_RANGE.least && threshold <= THRESHOLD_RANGE.most ? threshold : null;
}
