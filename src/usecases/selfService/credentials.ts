/** A new user ID or password, judged as far as can be before a key is asked for it. */
import { checkPassword, preparePassword, type PasswordFault } from '../../core/password.ts';
import type { SelfDeedOf } from '../../core/selfService/deed.ts';
import { checkUserId, foldName, type UserIdFault } from '../../core/userId.ts';
import { findIdentityWithPerson } from '../../store/identities.ts';
import { isUserIdTaken } from '../../store/selfService/account.ts';
import { unlessBusy } from '../unlessBusy.ts';
import type { World } from '../world.ts';

/**
 * That somebody has a user ID is told here, to people who are signed in and whose tries are in their own name; the same
 * is told at activation.
 */
export async function prepareNewUserId(
  { database }: World,
  identityId: string,
  typed: string,
): Promise<SelfDeedOf<'change_user_id'> | UserIdFault | 'same' | 'taken'> {
  const userId = foldName(typed);
  const found = await findIdentityWithPerson(database, identityId);
  if (found?.identity.userId === userId) return 'same';
  const fault = checkUserId(typed);
  if (fault) return fault;
  if (await isUserIdTaken(database, identityId, userId)) return 'taken';
  return { kind: 'change_user_id', userId };
}

/** Hashed at once: what waits for the key is not the password. `busy`: too much is being hashed. */
export async function prepareNewPassword(
  { database, hasher, breachedPasswords }: World,
  identityId: string,
  typed: string,
): Promise<SelfDeedOf<'change_password'> | PasswordFault | 'busy'> {
  const found = await findIdentityWithPerson(database, identityId);
  const { idNumber = '', userId = null } = found?.identity ?? {};
  const fault = checkPassword(typed, userId === null ? [idNumber] : [idNumber, userId]);
  if (fault) return fault;
  if (await breachedPasswords.has(preparePassword(typed))) return 'breached';
  const hashing = { identity: `new password of ${identityId}` };
  const passwordHash = await unlessBusy(hasher.hash(preparePassword(typed), hashing));
  return passwordHash === 'busy' ? 'busy' : { kind: 'change_password', passwordHash };
}
