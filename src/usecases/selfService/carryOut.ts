/** What each deed of self-service does, in the transaction that spends the key for it. */
import { publicSitesBar } from '../../core/publicSites.ts';
import { EMAIL_WAIT_MS, type DeedRefusal, type SelfDeed } from '../../core/selfService/deed.ts';
import type { Notice } from '../../core/notice.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import { findIdentityWithPerson } from '../../store/identities.ts';
import { forgetBrowsers } from '../../store/knownBrowsers.ts';
import { cancelLettersTo } from '../../store/letters.ts';
import { appendNotice } from '../../store/notices.ts';
import { closeIdentity, setPassword } from '../../store/selfService/accounts.ts';
import { trySaveUserId } from '../../store/selfService/userIds.ts';
import { voidPasswordLetters } from '../../store/desk/deeds.ts';
import { blockWithin } from '../block.ts';
import { doCardDeedWithin } from '../cardDeeds.ts';
import { changeThresholdWithin } from '../changeThreshold.ts';
import { setPublicSitesWithin } from '../choosePublicSites.ts';
import { changeEmailWithin } from '../contact/changeEmail.ts';
import { checkUserId } from '../../core/userId.ts';
import { withForm } from '../userId/forms.ts';
import type { World } from '../world.ts';

const BY_PERSON = { by: 'person' } as const;

/**
 * @returns why it cannot be done; then the caller keeps nothing of the transaction, unless a key pays for the
 * answer.
 */
export async function carryOut(
  world: World,
  db: Queryable,
  identityId: string,
  deed: SelfDeed,
): Promise<DeedRefusal | null> {
  const now = world.clock.now();
  const at = now.toISOString();
  const tell = async (notice: Notice) =>
    await appendNotice(db, { id: world.dice.uuid(), identityId, notice }, now);

  switch (deed.kind) {
    case 'change_email':
      await changeEmailWithin(world, db, identityId, deed.email);
      return null;
    case 'change_user_id':
      // A node of the version before may have let it through.
      if (checkUserId(deed.userId)) return 'user_id_signs';
      if (!(await trySaveUserId(db, identityId, withForm(deed.userId)))) {
        await appendEvent(db, { kind: 'user_id_refused', identityId, details: {} });
        return 'user_id_taken';
      }
      await appendEvent(db, { kind: 'user_id_chosen', identityId, details: {} });
      await tell({ kind: 'user_id_changed', details: { at } });
      return null;
    case 'change_password':
      await setPassword(db, identityId, deed.passwordHash);
      // What was known belongs to the password of before, and so does a new one that still travels.
      await forgetBrowsers(db, identityId);
      await voidPasswordLetters(db, identityId, now);
      await appendEvent(db, { kind: 'password_chosen', identityId, details: {} });
      await tell({ kind: 'password_changed', details: { at } });
      return null;
    case 'change_threshold': {
      const done = await changeThresholdWithin(world, db, identityId, deed.threshold);
      return done === 'done' ? null : done;
    }
    case 'order_card': {
      const done = await doCardDeedWithin(world, db, identityId, { kind: 'order' }, BY_PERSON);
      return done === 'done' ? null : done;
    }
    case 'public_sites_on': {
      const found = await findIdentityWithPerson(db, identityId);
      const bar = found && publicSitesBar(found.person, found.identity.hasCpr, now);
      if (bar) return bar;
      await setPublicSitesWithin(world, db, identityId, { on: true, by: BY_PERSON });
      return null;
    }
    case 'close_id':
      return await close(world, db, identityId, tell);
  }
}

type Tell = (notice: Notice) => Promise<void>;

async function close(
  world: World,
  db: Queryable,
  identityId: string,
  tell: Tell,
): Promise<DeedRefusal | null> {
  const now = world.clock.now();
  // Before the block, which sends nothing any more either; what was just ordered by the last key is not sent.
  await cancelLettersTo(db, identityId);
  const done = await blockWithin(world, db, identityId, 'identity', BY_PERSON, { notice: null });
  if (done !== 'done') return done;
  await voidPasswordLetters(db, identityId, now);
  const emailUntil = new Date(now.getTime() + EMAIL_WAIT_MS);
  if (!(await closeIdentity(db, identityId, { now, emailUntil }))) return 'already_blocked';
  await appendEvent(db, { kind: 'identity_closed', identityId, details: {} });
  await tell({ kind: 'id_closed', details: { at: now.toISOString() } });
  return null;
}
