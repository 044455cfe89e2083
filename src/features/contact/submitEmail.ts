/** Stores a submitted e-mail address. Until its code is entered, nothing else is sent there. */
import type { EmailRequestKind } from '../../domain/person/emailCode.ts';
import { findEmailRequest, insertEmailRequest, type StoredEmailRequest } from './emailRequests.queries.ts';
import type { Queryable } from '../../db/database.ts';
import type { AppContext } from '../appContext.ts';

export async function submitEmail(
  { random, keyring, clock }: Pick<AppContext, 'random' | 'keyring' | 'clock'>,
  db: Queryable,
  identityId: string,
  { email, kind }: { readonly email: string; readonly kind: EmailRequestKind },
): Promise<void> {
  const id = random.uuid();
  const emailSealed = keyring.seal('seal', email, composeRequestedEmailContext({ identityId, id }));
  await insertEmailRequest(db, { identityId, id, emailSealed, kind, givenAt: clock.now() });
}

export function openRequestedEmail(
  { keyring }: Pick<AppContext, 'keyring'>,
  request: Pick<StoredEmailRequest, 'identityId' | 'id' | 'emailSealed'>,
): string {
  return keyring.open('seal', request.emailSealed, composeRequestedEmailContext(request));
}

/** A row that is moved to another person does not open there. */
export function composeRequestedEmailContext({
  identityId,
  id,
}: Pick<StoredEmailRequest, 'identityId' | 'id'>): string {
  return `requested email ${id} of ${identityId}`;
}

/** The unconfirmed address as it is shown to its person. */
export interface UnconfirmedEmail {
  readonly email: string;
  readonly kind: EmailRequestKind;
  readonly givenAt: Date;
  /** Whether a code that was sent can still be entered. `none`: none was ordered yet. */
  readonly code: 'none' | 'sent' | 'over' | 'refused';
}

export async function findUnconfirmedEmail(
  context: Pick<AppContext, 'database' | 'keyring' | 'clock' | 'rules'>,
  identityId: string,
): Promise<UnconfirmedEmail | null> {
  const request = await findEmailRequest(context.database, identityId);
  if (!request) return null;
  const { kind, givenAt } = request;
  return {
    email: openRequestedEmail(context, request),
    kind,
    givenAt,
    code: readCodeState(context, request),
  };
}

function readCodeState(
  { clock, rules }: Pick<AppContext, 'clock' | 'rules'>,
  { codeUntil, tries, isRefused }: StoredEmailRequest,
): UnconfirmedEmail['code'] {
  if (codeUntil === null) return 'none';
  if (isRefused) return 'refused';
  return codeUntil > clock.now() && tries < rules.emailCode.tries ? 'sent' : 'over';
}
