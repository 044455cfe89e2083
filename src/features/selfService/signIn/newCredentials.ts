/** A new user ID or password, checked as far as possible before a key is asked for. */
import { checkPassword, preparePassword, type PasswordFault } from '../../../domain/signIn/password.ts';
import type { SelfServiceActionOf } from '../../../domain/selfServiceAction.ts';
import { checkUserId, foldName, type UserIdFault } from '../../../domain/person/userId.ts';
import { findIdentityWithPerson } from '../../../db/people/identities.ts';
import { hashPassword } from '../../identity/index.ts';
import { runInNetworkTurn, toBusyWhenFull } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';

/** Whether the user ID is taken is not checked here: a key is spent on that answer (executeAction.ts). */
export async function prepareNewUserId(
  { database }: AppContext,
  identityId: string,
  typed: string,
): Promise<SelfServiceActionOf<'change_user_id'> | UserIdFault | 'same'> {
  const userId = foldName(typed);
  const found = await findIdentityWithPerson(database, identityId);
  if (found?.identity.userId === userId) return 'same';
  const fault = checkUserId(typed);
  if (fault) return fault;
  return { kind: 'change_user_id', userId };
}

/** Checks the password before anything is hashed. */
export async function checkNewPassword(
  { database, breachedPasswords }: AppContext,
  identityId: string,
  typed: string,
): Promise<PasswordFault | null> {
  const found = await findIdentityWithPerson(database, identityId);
  const { idNumber = '', userId = null } = found?.identity ?? {};
  const fault = checkPassword(typed, userId === null ? [idNumber] : [idNumber, userId]);
  if (fault) return fault;
  return (await breachedPasswords.has(preparePassword(typed))) ? 'breached' : null;
}

export interface SubmittedNewPassword {
  readonly identityId: string;
  readonly typed: string;
  readonly address: string;
  /** Aborted when the browser disconnects. */
  readonly signal?: AbortSignal;
}

/**
 * Hashes immediately, so that the stored action contains no password. `busy`: too much is being hashed.
 *
 * @throws HashingAborted
 */
export async function prepareNewPassword(
  context: AppContext,
  submitted: SubmittedNewPassword,
): Promise<SelfServiceActionOf<'change_password'> | 'busy'> {
  const { identityId, typed, signal } = submitted;
  // Not charged to the network: strangers in it must not keep out a person who is signed in.
  const hashing = { identity: `new password of ${identityId}`, signal };
  const passwordHash = await runInNetworkTurn(context, submitted, () =>
    toBusyWhenFull(hashPassword(context, identityId, preparePassword(typed), hashing)),
  );
  return passwordHash === 'busy' ? 'busy' : { kind: 'change_password', passwordHash };
}
