/** `/self-service/confirm/:id`: the requested action, and the key that it takes. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { drawSecret } from '../../../domain/random.ts';
import type { SelfServiceAction } from '../../../domain/selfServiceAction.ts';
import type { FirstPartyUser } from '../../firstPartyClients/index.ts';
import { readAccount } from '../readAccount.ts';
import { submitConfirmation } from './submitConfirmation.ts';
import { orderEmailCode } from '../../contact/index.ts';
import { requestConfirmation } from './requestConfirmation.ts';
import { showConfirmation, type ConfirmationView } from './showConfirmation.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { requireField } from '../../../http/forms.ts';
import { keyError } from '../../signIn/index.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { SelfConfirmPage, SelfMessagePage, type ConfirmationMessage } from './confirm.page.tsx';
import { HttpError } from '../../../ui/httpError.ts';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';

const PATH = '/self-service/confirm/:id';

/** Redirects to the key page of an action. */
export async function redirectToConfirmation(
  { context }: SelfServiceDeps,
  ctx: Context,
  user: FirstPartyUser,
  action: SelfServiceAction,
): Promise<void> {
  redirectWithGet(ctx, `/self-service/confirm/${await requestConfirmation(context, user, action)}`);
}

export function addConfirmRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context } = selfService;

  router.get(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const id = readConfirmationId(ctx);
      const shown = await showConfirmation(context, id, user);
      const frame = composeSelfServiceFrame(selfService, ctx, user);
      if (shown.page === 'done') {
        const account = await readAccount(context, user.identityId);
        const { kind: action, doneAt } = shown;
        return sendPage(
          ctx,
          SelfMessagePage({ ...frame, message: { kind: 'done', action, doneAt, account } }),
        );
      }
      if (shown.page !== 'key')
        return sendPage(ctx, SelfMessagePage({ ...frame, message: composeConfirmationMessage(shown) }));
      const { action, card, keyNumber, place, outcome } = shown;
      const error = outcome?.kind === 'deed_refused' ? null : keyError(outcome);
      const { cardNumber } = card;
      const nonce = drawSecret(context.random);
      sendPage(ctx, SelfConfirmPage({ ...frame, id, nonce, action, cardNumber, keyNumber, place, error }));
    }),
  );

  router.post(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await selfService.site.readForm(ctx, user);
      const id = readConfirmationId(ctx);
      const result = await submitConfirmation(context, id, user, {
        cardNumber: requireField(form, 'cardNumber'),
        keyNumber: requireField(form, 'keyNumber'),
        key: requireField(form, 'key'),
        nonce: form.get('nonce') ?? null,
        requestSource: readRequestSource(ctx),
      });
      if (result === 'busy') throw new HttpError(503, 'busy');
      const shown = await showConfirmation(context, id, user);
      if (shown.page === 'done' && shown.kind === 'change_email') {
        // `none`: letters were chosen instead of an address.
        const ordered = await orderEmailCode(context, user.identityId, { address: ctx.ip, isFirst: true });
        if (ordered !== 'none') return redirectWithGet(ctx, '/self-service/email');
      }
      // The session ended with the ID: no page of self-service can be shown to this person.
      const isClosed = shown.page === 'done' && shown.kind === 'close_id';
      redirectWithGet(ctx, isClosed ? '/self-service/closed' : `/self-service/confirm/${id}`);
    }),
  );
}

function readConfirmationId(ctx: Context): string {
  return ctx.path.slice(PATH.indexOf(':'));
}

function composeConfirmationMessage(
  shown: Exclude<ConfirmationView, { page: 'key' | 'done' }>,
): ConfirmationMessage {
  switch (shown.page) {
    case 'refused':
      return { kind: 'refused', action: shown.kind, why: shown.why };
    case 'locked':
      return { kind: 'locked', opensAt: shown.opensAt };
    case 'gone':
    case 'no_card':
      return { kind: shown.page };
  }
}
