/** A new user ID or password, judged as far as can be before a key is asked for it. */
import { checkPassword, preparePassword, type PasswordFault } from '../../../domain/signIn/password.ts';
import type { SelfServiceActionOf } from '../../../domain/selfServiceAction.ts';
import { checkUserId, foldName, type UserIdFault } from '../../../domain/person/userId.ts';
import { findIdentityWithPerson } from '../../../db/people/identities.ts';
import { hashPassword } from '../../identity/index.ts';
import { runInNetworkTurn, toBusyWhenFull } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';

/**
 * Whether somebody has it is not looked at: a key is asked for first, and spent on the answer (executeAction.ts).
 */
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

/** Before anything is hashed. */
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
  /** Aborted when the browser is gone. */
  readonly signal?: AbortSignal;
}

/**
 * Hashed at once: what waits for the key is not the password. `busy`: too much is being hashed.
 * @throws HashingAborted
 */
export async function prepareNewPassword(
  context: AppContext,
  submitted: SubmittedNewPassword,
): Promise<SelfServiceActionOf<'change_password'> | 'busy'> {
  const { identityId, typed, signal } = submitted;
  // Not with the network: strangers there do not keep a person out who is signed in.
  const hashing = { identity: `new password of ${identityId}`, signal };
  const passwordHash = await runInNetworkTurn(context, submitted, () =>
    toBusyWhenFull(hashPassword(context, identityId, preparePassword(typed), hashing)),
  );
  return passwordHash === 'busy' ? 'busy' : { kind: 'change_password', passwordHash };
}
