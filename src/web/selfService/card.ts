/** `/self-service/card`: the cards, and when a new one is sent. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { THRESHOLD } from '../../core/rules.ts';
import { foldSigns } from '../../core/input/typedText.ts';
import { reportNotArrived } from '../../usecases/reportNotArrived.ts';
import type { Visitor } from '../../usecases/ownSite/ownSession.ts';
import { readAccount } from '../../usecases/selfService/readAccount.ts';
import { field } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import { SelfCardPage } from '../pages/selfService/card.tsx';
import { Trouble } from '../trouble.ts';
import { askForKey } from './confirm.ts';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';

const PATH = '/self-service/card';

export function addCardRoutes(router: Router, selfService: SelfService): void {
  const { world, site } = selfService;

  const show = async (ctx: Context, visitor: Visitor, typed: string | null) => {
    const account = await readAccount(world, visitor.identityId);
    const isLost = ctx.query['done'] === 'not-arrived';
    const frame = selfServiceFrame(selfService, ctx, visitor);
    const languageSwitch = typed === null ? frame.languageSwitch : null;
    sendPage(ctx, SelfCardPage({ ...frame, languageSwitch, account, typed, isLost }));
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
        case 'threshold': {
          const typed = field(form, 'threshold');
          const threshold = readThreshold(typed);
          if (threshold === null) return await show(ctx, visitor, typed);
          return await askForKey(selfService, ctx, visitor, { kind: 'change_threshold', threshold });
        }
        case 'order':
          return await askForKey(selfService, ctx, visitor, { kind: 'order_card' });
        case 'not-arrived': {
          // Twice, or too late: the page that follows says how things stand.
          const done = await reportNotArrived(world, visitor.identityId, { by: 'person' });
          return seeOther(ctx, done === 'done' ? `${PATH}?done=not-arrived` : PATH);
        }
        default:
          throw new Trouble(400, 'bad_form');
      }
    }),
  );
}

function readThreshold(typed: string): number | null {
  const digits = foldSigns(typed).trim();
  if (!/^[0-9]{1,3}$/.test(digits)) return null;
  const threshold = Number(digits);
  return threshold >= THRESHOLD.least && threshold <= THRESHOLD.most ? threshold : null;
}
