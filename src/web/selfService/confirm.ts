/** `/self-service/confirm/:id`: what was asked for, and the key that it takes. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { drawSecret } from '../../core/dice.ts';
import type { SelfDeed } from '../../core/selfService/deed.ts';
import type { Visitor } from '../../usecases/ownSite/ownSession.ts';
import { confirm } from '../../usecases/selfService/confirm.ts';
import { orderEmailCode } from '../../usecases/contact/orderEmailCode.ts';
import { propose } from '../../usecases/selfService/propose.ts';
import { showConfirmation, type ConfirmationShown } from '../../usecases/selfService/showConfirmation.ts';
import { visitOf } from '../door.ts';
import { field } from '../forms.ts';
import { keyError } from '../pages/key.tsx';
import { seeOther, sendPage } from '../page.ts';
import { SelfConfirmPage, SelfToldPage, type SelfTold } from '../pages/selfService/confirm.tsx';
import { Trouble } from '../trouble.ts';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';

const PATH = '/self-service/confirm/:id';

/** Where somebody who asked for this goes on. */
export async function askForKey(
  { world }: SelfService,
  ctx: Context,
  visitor: Visitor,
  deed: SelfDeed,
): Promise<void> {
  seeOther(ctx, `/self-service/confirm/${await propose(world, visitor, deed)}`);
}

export function addConfirmRoutes(router: Router, selfService: SelfService): void {
  const { world } = selfService;

  router.get(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const id = idIn(ctx);
      const shown = await showConfirmation(world, id, visitor);
      const frame = selfServiceFrame(selfService, ctx, visitor);
      if (shown.page !== 'key') return sendPage(ctx, SelfToldPage({ ...frame, told: toldOf(shown) }));
      const { deed, card, keyNumber, outcome } = shown;
      const error = outcome?.kind === 'deed_refused' ? null : keyError(outcome);
      const { cardNumber } = card;
      const nonce = drawSecret(world.dice);
      sendPage(ctx, SelfConfirmPage({ ...frame, id, nonce, deed, cardNumber, keyNumber, error }));
    }),
  );

  router.post(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const form = await selfService.site.readForm(ctx, visitor);
      const id = idIn(ctx);
      const came = await confirm(world, id, visitor, {
        cardNumber: field(form, 'cardNumber'),
        keyNumber: field(form, 'keyNumber'),
        key: field(form, 'key'),
        nonce: form.get('nonce') ?? null,
        visit: visitOf(ctx),
      });
      if (came === 'busy') throw new Trouble(503, 'busy');
      const shown = await showConfirmation(world, id, visitor);
      if (shown.page === 'done' && shown.kind === 'change_email') {
        // None where letters were asked for.
        const ordered = await orderEmailCode(world, visitor.identityId, { address: ctx.ip, isFirst: true });
        if (ordered !== 'none') return seeOther(ctx, '/self-service/email');
      }
      // Its session ended with it: there is nobody left to show a page of self-service to.
      const isClosed = shown.page === 'done' && shown.kind === 'close_id';
      seeOther(ctx, isClosed ? '/self-service/closed' : `/self-service/confirm/${id}`);
    }),
  );
}

function idIn(ctx: Context): string {
  return ctx.path.slice(PATH.indexOf(':'));
}

function toldOf(shown: Exclude<ConfirmationShown, { page: 'key' }>): SelfTold {
  switch (shown.page) {
    case 'done':
      return { kind: 'done', deed: shown.kind };
    case 'refused':
      return { kind: 'refused', deed: shown.kind, why: shown.why };
    case 'locked':
      return { kind: 'locked', opensAt: shown.opensAt };
    case 'gone':
    case 'no_card':
      return { kind: shown.page };
  }
}
