/** An addition in self-service that a second way confirms, by use cases, in a history. */
import { randomBytes, randomUUID } from 'node:crypto';
import { insertFirstPartySession } from '../../src/db/oidc/firstPartySessions.ts';
import { packSecurityKey, type CreatedSecurityKey } from '../../src/domain/factors/securityKey.ts';
import type { AppContext } from '../../src/features/appContext.ts';
import { requestConfirmation } from '../../src/features/selfService/confirm/requestConfirmation.ts';
import { composeSecondWayForm } from '../../src/features/selfService/confirm/secondWay.ts';
import { showConfirmation } from '../../src/features/selfService/confirm/showConfirmation.ts';
import { submitConfirmation } from '../../src/features/selfService/confirm/submitConfirmation.ts';
import { composeChallenge } from '../../src/features/signIn/securityKey/webAuthnRequest.ts';
import type { CardHistory } from './cardHistory.ts';

interface AdditionToConfirm {
  readonly created: CreatedSecurityKey;
  readonly issuer: string;
  /** What a device of the person answers, as JSON. */
  readonly answer: (challenge: string) => string;
}

/** @returns the page that says why it was not added; else the answer that confirmed it */
export async function confirmAddition(
  history: CardHistory,
  contexts: readonly AppContext[],
  { created, issuer, answer }: AdditionToConfirm,
): Promise<{ readonly page: string } | { readonly credential: string }> {
  const [context] = contexts;
  if (!context) throw new Error('no node');
  const { identityId } = history.person;
  const session = randomBytes(32);
  const own = { id: session, clientId: 'self-service', identityId, sessionUid: randomUUID(), keyAt: null };
  const now = context.clock.now();
  await insertFirstPartySession(context.database, { ...own, loginAt: now }, now);
  const owner = { identityId, session };
  const action = { kind: 'add_security_key', ...packSecurityKey(created), name: 'Nøgle' } as const;
  const id = await requestConfirmation(context, owner, action);
  const shown = await showConfirmation(context, id, owner);
  if (shown.page !== 'key') return { page: shown.page };
  const { card, keyNumber } = shown;
  const [nonce, csrf] = [randomUUID(), 'csrf'];
  const credential = answer(composeChallenge(csrf, composeSecondWayForm(context, id, owner, nonce)));
  const submitted = {
    cardNumber: card.cardNumber,
    keyNumber,
    key: await history.keyOf(context, card.id, keyNumber),
    nonce,
    requestSource: { userAgent: '', address: '192.0.2.2' },
    secondWay: { credential, code: '', csrf, issuer },
  };
  await Promise.all(contexts.map(async (one) => await submitConfirmation(one, id, owner, submitted)));
  const after = await showConfirmation(context, id, owner);
  if (after.page !== 'done') {
    const { outcome = null } = 'outcome' in after ? after : {};
    const why = outcome && 'why' in outcome ? ` ${outcome.why}` : '';
    return { page: `${after.page}${why}` };
  }
  if (!after.isConfirmedTwice) throw new Error('an addition was done without what confirmed it');
  return { credential };
}
