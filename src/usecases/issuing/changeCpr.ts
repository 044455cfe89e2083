/**
 * A person has another CPR number. What stands on the identity stays as it is: `sub` and pid, sign-ins, cards, passwords,
 * grants. Relying parties that may know the number read the new one from the next token on.
 */
import type { By } from '../../core/auditEvent.ts';
import type { Day } from '../../core/calendar.ts';
import { isYoungerThan } from '../../core/issuing/application.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import { appendNotice } from '../../store/notices.ts';
import { renumberPerson, type NumberedPerson } from '../../store/people.ts';
import { setPublicSitesWithin } from '../choosePublicSites.ts';
import type { World } from '../world.ts';
import { marksOf } from './recognise.ts';

export interface NewNumber {
  /** Ten digits. */
  readonly cpr: string;
  readonly birthdate: Day;
}

/**
 * In a transaction that holds both numbers and the person.
 * @param options.isTold false: nobody is there to be told.
 * @returns whether public sites were switched off: the caller queues the log-outs that were missed, after the commit.
 */
export async function changeCpr(
  world: World,
  db: Queryable,
  person: NumberedPerson,
  to: NewNumber,
  { by, isTold }: { by: By & { readonly officers?: readonly string[] }; isTold: boolean },
): Promise<boolean> {
  const { keyring, clock, dice } = world;
  const { identityId, personId, publicSites } = person;
  const { cpr: lookup, likeness } = marksOf(world, { ...person, ...to, identification: null });
  if (!lookup) throw new Error('a new CPR number is none');
  const cprSealed = keyring.seal('seal', to.cpr, personId);
  await renumberPerson(db, personId, { cprSealed, lookup, birthdate: to.birthdate, likeness });
  await appendEvent(db, { kind: 'cpr_changed', identityId, details: by });
  if (isTold) {
    const notice = { kind: 'cpr_changed', details: {} } as const;
    await appendNotice(db, { id: dice.uuid(), identityId, notice }, clock.now());
  }
  // By the birth date of the new number the person may be too young for them.
  if (!publicSites || !isYoungerThan(to.birthdate, 15, clock.now())) return false;
  await setPublicSitesWithin(world, db, identityId, { on: false, by: { by: 'system' } });
  return true;
}
