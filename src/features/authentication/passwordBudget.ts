/**
 * On whose tries a password counts. All browsers that nobody knows share five; a browser that the person
 * called their own, a network from which they signed in with a key, and a sign-in that has used a code have
 * five of their own, so that no stranger locks the owner out.
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
  /** Those of all unknown browsers: the person is notified when they are exhausted. */
  readonly isShared: boolean;
  /** What is mentioned once it opens by itself no more. */
  readonly exhausted: SignInOutcome;
}

export interface PasswordOrigin {
  /** The folded name. */
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
 * Too many wrong ones in a row: this browser, or this network, is one of the unknown from now on. A browser's
 * row of tries stays as it is: those who still compare find it worn out, and known again it has another. That of
 * a network stays locked for as long as the last wrong one locked it, whether a key makes it known before that
 * or not; then it begins again.
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
