/** A new user ID or password, judged as far as can be before a key is asked for it. */
import { checkPassword, preparePassword, type PasswordFault } from '../../core/password.ts';
import type { SelfDeedOf } from '../../core/selfService/deed.ts';
import { checkUserId, foldName, type UserIdFault } from '../../core/userId.ts';
import { findIdentityWithPerson } from '../../store/identities.ts';
import { hashPassword } from '../passwords/keyedPassword.ts';
import { inTurn, unlessBusy } from '../unlessBusy.ts';
import type { World } from '../world.ts';

/**
 * Whether somebody has it is not looked at: a key is asked for first, and spent on the answer (carryOut.ts).
 */
export async function prepareNewUserId(
  { database }: World,
  identityId: string,
  typed: string,
): Promise<SelfDeedOf<'change_user_id'> | UserIdFault | 'same'> {
  const userId = foldName(typed);
  const found = await findIdentityWithPerson(database, identityId);
  if (found?.identity.userId === userId) return 'same';
  const fault = checkUserId(typed);
  if (fault) return fault;
  return { kind: 'change_user_id', userId };
}

/** Before anything is hashed. */
export async function checkNewPassword(
  { database, breachedPasswords }: World,
  identityId: string,
  typed: string,
): Promise<PasswordFault | null> {
  const found = await findIdentityWithPerson(database, identityId);
  const { idNumber = '', userId = null } = found?.identity ?? {};
  const fault = checkPassword(typed, userId === null ? [idNumber] : [idNumber, userId]);
  if (fault) return fault;
  return (await breachedPasswords.has(preparePassword(typed))) ? 'breached' : null;
}

export interface GivenNewPassword {
  readonly identityId: string;
  readonly typed: string;
  readonly address: string;
  /** Aborted when the browser is gone. */
  readonly signal?: AbortSignal;
}

/**
 * Hashed at once: what waits for the key is not the password. `busy`: too much is being hashed.
 * @throws HashingAborted
 */
export async function prepareNewPassword(
  world: World,
  given: GivenNewPassword,
): Promise<SelfDeedOf<'change_password'> | 'busy'> {
  const { identityId, typed, signal } = given;
  // Not with the network: strangers there do not keep a person out who is signed in.
  const hashing = { identity: `new password of ${identityId}`, signal };
  const passwordHash = await inTurn(world, given, () =>
    unlessBusy(hashPassword(world, identityId, preparePassword(typed), hashing)),
  );
  return passwordHash === 'busy' ? 'busy' : { kind: 'change_password', passwordHash };
}
