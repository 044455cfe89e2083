/**
 * Chooses the budget that an attempt at a password counts on. All unknown browsers share five attempts. A
 * known browser, a network from which the person signed in with a key, and a sign-in that has used a code
 * have five attempts each, so that no stranger locks the owner out.
 */
import { readLockoutPolicies, type LockoutPolicy } from '../../domain/signIn/lockout.ts';
import type { SignInOutcome } from '../../domain/signIn/signIn.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { deleteKnownBrowser } from '../../db/signIn/knownBrowsers.ts';
import { resetExhaustedAttempts } from '../../db/signIn/attempts.ts';
import { deleteKnownNetwork } from '../../db/signIn/knownNetworks.ts';
import type { PasswordAttemptState } from '../../db/signIn/passwordReads.ts';
import type { AppContext } from '../appContext.ts';
import { hashBrowserSubject, hashPasswordSubject } from './attemptSubjectHashes.ts';

export interface PasswordBudget {
  readonly subject: Buffer;
  readonly unknownBrowsers: Buffer;
  readonly lockoutPolicy: LockoutPolicy;
  readonly knownBrowser: Buffer | null;
  readonly knownNetwork: Buffer | null;
  /** The budget of all unknown browsers: the person is notified when it is exhausted. */
  readonly isShared: boolean;
  /** The outcome once the budget is exhausted and no longer opens automatically. */
  readonly exhausted: SignInOutcome;
}

export interface PasswordOrigin {
  readonly name: string;
  readonly knownNetwork: Buffer;
}

const CODE_NEEDED = { kind: 'locked', step: 'password', opensAt: null } as const;

export function choosePasswordBudget(
  context: AppContext,
  { name, knownNetwork }: PasswordOrigin,
  found: PasswordAttemptState,
): PasswordBudget {
  const { password, knownBrowser: own, passwordAfterCode: withCode } = readLockoutPolicies(context.rules);
  const { identityId, subjects } = found;
  const owner = identityId === null ? `name ${name}` : `identity ${identityId}`;
  const unknownBrowsers = subjects.password ?? hashPasswordSubject(context, owner);
  const shared = {
    subject: unknownBrowsers,
    unknownBrowsers,
    lockoutPolicy: password,
    knownBrowser: null,
    knownNetwork: null,
    isShared: true,
    exhausted: CODE_NEEDED,
  };
  if (identityId === null) return shared;
  const tryAgain = { kind: 'wrong_password', left: own.limit } as const;
  const { knownBrowser: browser } = found;
  if (browser) {
    const subject = subjects.browser ?? hashBrowserSubject(context, identityId, browser);
    return {
      ...shared,
      subject,
      lockoutPolicy: own,
      knownBrowser: browser,
      isShared: false,
      exhausted: tryAgain,
    };
  }
  if (subjects.code) return { ...shared, subject: subjects.code, lockoutPolicy: withCode, isShared: false };
  if (subjects.network) {
    return {
      ...shared,
      subject: subjects.network,
      lockoutPolicy: own,
      knownNetwork,
      isShared: false,
      exhausted: tryAgain,
    };
  }
  return shared;
}

/**
 * Removes this browser or network from the known ones after too many wrong passwords in a row.
 *
 * The attempts of a browser stay as they are: requests that still compare a password find them exhausted, and
 * a browser that becomes known again has a new row. The attempts of a network stay locked for as long as the
 * last wrong one locked them, whether or not a key makes the network known before that; then they begin again
 * at zero.
 */
export async function forgetExhaustedOrigin(
  { database }: AppContext,
  identityId: string,
  { subject, lockoutPolicy, knownBrowser, knownNetwork }: PasswordBudget,
): Promise<void> {
  if (knownNetwork) {
    await database.transaction(async (db) => {
      if (await resetExhaustedAttempts(db, subject, lockoutPolicy))
        await deleteKnownNetwork(db, identityId, knownNetwork);
    });
  }
  if (!knownBrowser) return;
  await database.transaction(async (db) => {
    if (!(await deleteKnownBrowser(db, knownBrowser, identityId))) return;
    await appendEvent(db, { kind: 'browser_forgotten', identityId, details: {} });
  });
}
