/**
 * Each thing that staff do with an ID, once it is judged that they may: in one transaction with its audit
 * record and, but for a sign-out, a notice to the person. A form is done once: whether it was is asked first,
 * under the owner's lock, and a form that comes again changes nothing, whatever became of the ID meanwhile.
 */
import type { By } from '../../core/auditEvent.ts';
import { onTheWay, type CardRefusal } from '../../core/cardLife.ts';
import type { DeskDeed } from '../../core/desk.ts';
import { foldDocumentNumber, type Identification } from '../../core/issuing/identification.ts';
import type { RegisterStatus } from '../../core/issuing/register.ts';
import type { Notice } from '../../core/notice.ts';
import type { PublicSitesBar } from '../../core/publicSites.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { lockShelf } from '../../store/cardLife.ts';
import { queueMissedLogouts } from '../../store/backchannelLogouts.ts';
import type { Queryable } from '../../store/database.ts';
import { isDeedDone, reopenIdentity, voidPasswordLetters } from '../../store/desk/deeds.ts';
import { hashPassword } from '../passwords/keyedPassword.ts';
import { findEntryOf } from '../../store/issuing/register.ts';
import { orderLetter } from '../../store/letters.ts';
import { appendNotice } from '../../store/notices.ts';
import { blockWithin } from '../block.ts';
import { doCardDeedWithin } from '../cardDeeds.ts';
import { callOffEmailWithin } from '../contact/callOffEmail.ts';
import { findPublicSitesBar, setPublicSitesWithin } from '../choosePublicSites.ts';
import { readTemporaryPassword } from '../orderPasswordLetter.ts';
import type { World } from '../world.ts';
import { signOutWithin } from './signOut.ts';

export type Performed =
  | 'done'
  | 'nobody'
  | 'not_blocked'
  | 'email_not_waiting'
  /** By the word of the population register. */
  | Exclude<RegisterStatus, 'active'>
  | CardRefusal
  | PublicSitesBar;
export type ByStaff = By & { by: 'staff' };
type ByForm = ByStaff & { readonly deed: string };

/**
 * A keyed hash as it is compared elsewhere (usecases/issuing/recognise.ts): the number itself is not kept
 * here.
 */
export function documentOf({ keyring }: World, { kind, number }: Identification) {
  const mac = keyring.hmac('cprLookup', `document v1 ${kind} ${foldDocumentNumber(number)}`);
  return { kind, document: mac.toString('base64url') };
}

/** @param by.deed drawn with the form: what this form has done already is not done again. */
export async function performOnce(
  world: World,
  identityId: string,
  deed: DeskDeed,
  by: ByForm,
): Promise<Performed> {
  switch (deed) {
    case 'sign-out-everywhere':
      return await onceWithLogouts(world, identityId, by, (db, shelf) =>
        signOutWithin(world, db, identityId, shelf, by),
      );
    case 'block-card':
    case 'block-id': {
      const what = deed === 'block-id' ? 'identity' : 'card';
      const notice = { kind: 'id_blocked', details: { by: by.by } } as const;
      return await onceWithLogouts(world, identityId, by, (db) =>
        blockWithin(world, db, identityId, what, by, { notice }),
      );
    }
    case 'public-sites-on':
      return await once(world, identityId, by, async (db, shelf) => {
        if (shelf.isBlocked) return 'id_blocked';
        const bar = await findPublicSitesBar(world, db, identityId);
        if (bar) return bar;
        await setPublicSitesWithin(world, db, identityId, { on: true, by });
        return 'done';
      });
    case 'public-sites-off': {
      const came = await once(world, identityId, by, async (db) => {
        await setPublicSitesWithin(world, db, identityId, { on: false, by });
        return 'done';
      });
      await queueMissedLogouts(world.database, identityId, 'public');
      return came;
    }
    case 'new-card':
      return await once(world, identityId, by, (db) =>
        doCardDeedWithin(world, db, identityId, { kind: 'order' }, by),
      );
    case 'skip-wait': {
      const skip = { kind: 'end_wait', now: world.clock.now(), skip: true } as const;
      return await once(world, identityId, by, (db) => doCardDeedWithin(world, db, identityId, skip, by));
    }
    case 'stop-activation':
      return await once(world, identityId, by, async (db, shelf) => {
        const waiting = onTheWay(shelf);
        if (!waiting?.activatesAt || shelf.isBlocked) return 'not_waiting';
        const stop = { kind: 'block_card', guessedAt: waiting.id } as const;
        return await doCardDeedWithin(world, db, identityId, stop, by);
      });
    case 'call-off-email':
      return await once(world, identityId, by, async (db) => {
        const came = await callOffEmailWithin(world, db, identityId, by);
        return came === 'done' ? came : 'email_not_waiting';
      });
    case 'temporary-password': {
      const letter = await preparePassword(world, identityId);
      return await once(world, identityId, by, async (db, shelf) => {
        if (shelf.isBlocked) return 'id_blocked';
        if (!shelf.hasAddress) return 'no_address';
        await orderPassword(world, db, identityId, letter, by);
        await tell(world, db, identityId, { kind: 'password_ordered', details: {} });
        return 'done';
      });
    }
    case 'reopen':
      return await reopen(world, identityId, by);
  }
}

async function onceWithLogouts(
  world: World,
  identityId: string,
  by: ByForm,
  work: (db: Queryable, shelf: Shelf) => Promise<Performed>,
): Promise<Performed> {
  const came = await once(world, identityId, by, work);
  await queueMissedLogouts(world.database, identityId);
  return came;
}

/**
 * Opened again, with nothing left of what was known before: no password, no card, no session, and no
 * temporary password that still waits in a letter. Both are replaced in the same go. Never against the
 * register: whoever stands at the counter as a person who is dead or has left the country is somebody else,
 * or has the register put right first.
 */
async function reopen(world: World, identityId: string, by: ByForm): Promise<Performed> {
  const letter = await preparePassword(world, identityId);
  return await once(world, identityId, by, async (db, shelf) => {
    if (!shelf.isBlocked) return 'not_blocked';
    const entry = await findEntryOf(db, world.keyring, identityId);
    if (entry && entry.status !== 'active') return entry.status;
    if (!shelf.hasAddress) return 'no_address';
    if (!(await reopenIdentity(db, identityId))) return 'not_blocked';
    await voidPasswordLetters(db, identityId, world.clock.now());
    await appendEvent(db, { kind: 'identity_reopened', identityId, details: by });
    await tell(world, db, identityId, { kind: 'id_reopened', details: {} });
    const card = await doCardDeedWithin(world, db, identityId, { kind: 'order' }, by);
    if (card !== 'done' && card !== 'on_the_way') throw new Error(`a reopened ID got no card: ${card}`);
    await orderPassword(world, db, identityId, letter, by);
    return 'done';
  });
}

type Shelf = NonNullable<Awaited<ReturnType<typeof lockShelf>>>;

/**
 * In one transaction that keeps the owner: whoever sends the same form again waits, and sees that it is done.
 */
async function once(
  { database }: World,
  identityId: string,
  { deed }: ByForm,
  work: (db: Queryable, shelf: Shelf) => Promise<Performed>,
): Promise<Performed> {
  return await database.transaction(async (db) => {
    const shelf = await lockShelf(db, identityId);
    if (!shelf) return 'nobody';
    return (await isDeedDone(db, identityId, deed)) ? 'done' : await work(db, shelf);
  });
}

interface PreparedPassword {
  readonly id: string;
  readonly hash: string;
}

/** Hashing is never done within a transaction. */
async function preparePassword(world: World, identityId: string): Promise<PreparedPassword> {
  const id = world.dice.uuid();
  return { id, hash: await hashPassword(world, identityId, readTemporaryPassword(world, id)) };
}

async function orderPassword(
  { clock }: World,
  db: Queryable,
  identityId: string,
  { id, hash }: PreparedPassword,
  by: ByStaff,
): Promise<void> {
  const letter = { id, kind: 'password', identityId, cardId: null, notice: null } as const;
  await orderLetter(db, letter, clock.now(), hash);
  await appendEvent(db, { kind: 'password_letter_ordered', identityId, details: by });
}

async function tell(
  { dice, clock }: World,
  db: Queryable,
  identityId: string,
  notice: Notice,
): Promise<void> {
  await appendNotice(db, { id: dice.uuid(), identityId, notice }, clock.now());
}
