/** An e-mail address is given, and gets nothing before its code came back. */
import type { EmailRequestKind } from '../../core/contact/emailCode.ts';
import {
  findEmailRequest,
  insertEmailRequest,
  type StoredEmailRequest,
} from '../../store/contact/emailRequests.ts';
import type { Queryable } from '../../store/database.ts';
import type { World } from '../world.ts';

export async function giveEmail(
  { dice, keyring, clock }: Pick<World, 'dice' | 'keyring' | 'clock'>,
  db: Queryable,
  identityId: string,
  { email, kind }: { readonly email: string; readonly kind: EmailRequestKind },
): Promise<void> {
  const id = dice.uuid();
  const emailSealed = keyring.seal('seal', email, sealedUnder({ identityId, id }));
  await insertEmailRequest(db, { identityId, id, emailSealed, kind, givenAt: clock.now() });
}

export function openRequestedEmail(
  { keyring }: Pick<World, 'keyring'>,
  request: Pick<StoredEmailRequest, 'identityId' | 'id' | 'emailSealed'>,
): string {
  return keyring.open('seal', request.emailSealed, sealedUnder(request));
}

/** A row that is moved to another person does not open there. */
function sealedUnder({ identityId, id }: Pick<StoredEmailRequest, 'identityId' | 'id'>): string {
  return `requested email ${id} of ${identityId}`;
}

/** What its person is shown of it. */
export interface EmailWaiting {
  readonly email: string;
  readonly kind: EmailRequestKind;
  readonly givenAt: Date;
  /** Whether a code that was sent can still be entered; `none`: none was asked for yet. */
  readonly code: 'none' | 'sent' | 'over' | 'refused';
}

export async function findEmailWaiting(
  world: Pick<World, 'database' | 'keyring' | 'clock' | 'rules'>,
  identityId: string,
): Promise<EmailWaiting | null> {
  const request = await findEmailRequest(world.database, identityId);
  if (!request) return null;
  const { kind, givenAt } = request;
  return { email: openRequestedEmail(world, request), kind, givenAt, code: codeOf(world, request) };
}

function codeOf(
  { clock, rules }: Pick<World, 'clock' | 'rules'>,
  { codeUntil, tries, isRefused }: StoredEmailRequest,
): EmailWaiting['code'] {
  if (codeUntil === null) return 'none';
  if (isRefused) return 'refused';
  return codeUntil > clock.now() && tries < rules.emailCode.tries ? 'sent' : 'over';
}
