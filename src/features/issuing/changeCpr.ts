/**
 * A person has another CPR number. Everything on the identity stays unchanged: `sub` and pid, sign-ins,
 * cards, passwords, grants. Relying parties that may know the number read the new one from the next token on.
 */
import type { AuditActor } from '../../domain/auditEvent.ts';
import type { Day } from '../../domain/calendar.ts';
import { isYoungerThan } from '../../domain/issuing/application.ts';
import { appendEvent } from '../../db/auditLog.ts';
import type { Queryable } from '../../db/database.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { changeCprOfPerson, type PersonWithCpr } from '../../db/people/people.ts';
import { setPublicSitesInTransaction } from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';
import { hashFingerprints } from './recognisePerson.ts';

export interface NewCprNumber {
  /** Ten digits. */
  readonly cpr: string;
  readonly birthdate: Day;
}

/**
 * Runs in a transaction that locks both numbers and the person.
 *
 * @param options.isNotified false: no notice is sent, because the person is dead.
 * @returns whether public sites were switched off; then the caller queues the missed log-outs after the
 *   commit.
 */
export async function changeCpr(
  context: AppContext,
  db: Queryable,
  person: PersonWithCpr,
  to: NewCprNumber,
  { by, isNotified }: { by: AuditActor & { readonly officers?: readonly string[] }; isNotified: boolean },
): Promise<boolean> {
  const { keyring, clock, random } = context;
  const { identityId, personId, publicSites } = person;
  const { cpr: lookup, nameBirthdateHash } = hashFingerprints(context, {
    ...person,
    ...to,
    identification: null,
  });
  if (!lookup) throw new Error('the new CPR number is missing');
  const cprSealed = keyring.seal('seal', to.cpr, personId);
  await changeCprOfPerson(db, personId, { cprSealed, lookup, birthdate: to.birthdate, nameBirthdateHash });
  await appendEvent(db, { kind: 'cpr_changed', identityId, details: by });
  if (isNotified) {
    const notice = { kind: 'cpr_changed', details: {} } as const;
    await enqueueNotice(db, { id: random.uuid(), identityId, notice }, clock.now());
  }
  // According to the birth date of the new number the person may be too young for them.
  if (!publicSites || !isYoungerThan(to.birthdate, 15, clock.now())) return false;
  await setPublicSitesInTransaction(context, db, identityId, { on: false, by: { by: 'system' } });
  return true;
}
