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
import { findAddedKeyName, showConfirmation, type ConfirmationView } from './showConfirmation.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { requireField } from '../../../http/forms.ts';
import { codeError, composeWebAuthnRequest, keyError } from '../../signIn/index.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { SelfConfirmPage, SelfMessagePage, type ConfirmationMessage } from './confirm.page.tsx';
import type { OfferedSecondWay } from './secondWay.page.tsx';
import { composeSecondWayForm } from './secondWay.ts';
import type { ConfirmationOutcome } from './confirmation.rules.ts';
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
        const { kind: action, doneAt, isConfirmedTwice } = shown;
        const isKey = action === 'add_security_key';
        const keyName = isKey ? await findAddedKeyName(context, user.identityId, doneAt) : null;
        const message = { kind: 'done', action, doneAt, isConfirmedTwice, account, keyName } as const;
        return sendPage(ctx, SelfMessagePage({ ...frame, message }));
      }
      if (shown.page !== 'key')
        return sendPage(ctx, SelfMessagePage({ ...frame, message: composeConfirmationMessage(shown) }));
      const { action, card, keyNumber, place, outcome } = shown;
      const { cardNumber } = card;
      const nonce = drawSecret(context.random);
      const asked = { id, nonce, action, cardNumber, keyNumber, place };
      const secondWay = composeSecondWay(shown, composeSecondWayForm(context, id, user, nonce));
      const { error, secondWayError } = readErrors(outcome);
      sendPage(ctx, SelfConfirmPage({ ...frame, ...asked, error, secondWay, secondWayError }));
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
        secondWay: {
          credential: form.get('credential') ?? '',
          code: form.get('code') ?? '',
          csrf: user.csrf,
          issuer: selfService.securityKeys.issuer,
        },
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

/** What may confirm it too; null where the person has nothing else. */
function composeSecondWay(
  { securityKeys, codeToken }: Extract<ConfirmationView, { page: 'key' }>,
  form: string,
): OfferedSecondWay | null {
  if (securityKeys.length === 0 && !codeToken) return null;
  const webAuthn = securityKeys.length === 0 ? null : composeWebAuthnRequest(securityKeys);
  return { form, webAuthn, serialNumber: codeToken?.serialNumber ?? null };
}

function readErrors(
  outcome: ConfirmationOutcome | null,
): Pick<Parameters<typeof SelfConfirmPage>[0], 'error' | 'secondWayError'> {
  switch (outcome?.kind) {
    case 'deed_refused':
    case 'confirmed_twice':
      return { error: null, secondWayError: null };
    case 'code_token_gone':
      return { error: null, secondWayError: { kind: 'gone' } };
    case 'security_key_refused':
      return { error: null, secondWayError: { kind: 'security_key', why: outcome.why } };
    default:
      return { error: keyError(outcome), secondWayError: codeError(outcome) };
  }
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
