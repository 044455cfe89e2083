/**
 * The code that was sent to an e-mail address comes back: from then on the address is the person's, or soon.
 */
import { takesOverAt, type EmailCodeFault } from '../../core/contact/emailCode.ts';
import { foldSignInCode } from '../../core/signIn/signInCode.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { lockEmails, markEmailConfirmed, setEmail } from '../../store/contact/confirmedEmails.ts';
import {
  findEmailRequest,
  forgetEmailRequest,
  judgeEmailCode,
  type StoredEmailRequest,
} from '../../store/contact/emailRequests.ts';
import type { Queryable } from '../../store/database.ts';
import { planEmail } from '../../store/contact/confirmedEmails.ts';
import type { World } from '../world.ts';
import { confirmedEmailKey } from './confirmedEmail.ts';
import { emailCodeKey } from './emailCode.ts';
import { openRequestedEmail } from './giveEmail.ts';
import { openEmail, sealEmail } from './sealedContact.ts';

/** `none`: no address waits for a code; it was confirmed, or called off, before. */
export type EmailConfirmed = 'confirmed' | 'none' | Exclude<EmailCodeFault, 'limit'>;

export async function confirmEmail(world: World, identityId: string, typed: string): Promise<EmailConfirmed> {
  const { database, clock, rules } = world;
  const folded = foldSignInCode(typed);
  if (folded === '') return 'incomplete';
  return await database.transaction(async (db) => {
    if (!(await lockOwner(db, identityId))) return 'none';
    const request = await findEmailRequest(db, identityId);
    if (!request) return 'none';
    const now = clock.now();
    const hash = emailCodeKey(world, request.id, folded);
    const verdict = await judgeEmailCode(db, request, { hash, now, tries: rules.emailCode.tries });
    if (verdict !== 'right') return verdict;
    return (await takeOver(world, db, request, now)) ? 'confirmed' : 'none';
  });
}

/** False where a node of the version before has put another address into use meanwhile. */
async function takeOver(
  world: World,
  db: Queryable,
  request: StoredEmailRequest,
  now: Date,
): Promise<boolean> {
  const { identityId, kind, givenAt } = request;
  const emails = await lockEmails(db, identityId, now);
  if (!emails) throw new Error('a person is gone whose ID is there');
  const { personId, emailSealed: before } = emails;
  const email = openRequestedEmail(world, request);
  const confirmed = confirmedEmailKey(world, personId, email);
  const sealed = sealEmail(world, personId, email);
  await forgetEmailRequest(db, identityId);
  if (kind === 'given' && before !== null) return false;
  let from = now;
  if (kind === 'kept') {
    if (before === null || openEmail(world, personId, before) !== email) return false;
    await markEmailConfirmed(db, personId, confirmed);
  } else {
    from = takesOverAt(kind, givenAt, now);
    if (from > now) await planEmail(db, identityId, { emailSealed: sealed, confirmed, now, from });
    else await setEmail(db, personId, { sealed, confirmed });
  }
  const details = { from: from > now ? from.toISOString() : null };
  await appendEvent(db, { kind: 'email_confirmed', identityId, details });
  return true;
}
