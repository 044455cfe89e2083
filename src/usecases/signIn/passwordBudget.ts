/**
 * On whose tries a password counts. All browsers that nobody knows share five; a browser that the person
 * called their own, a network from which they signed in with a key, and a sign-in that has used a code have
 * five of their own, so that no stranger locks the owner out.
 */
import { ladders, type Ladder } from '../../core/lockout.ts';
import type { Outcome } from '../../core/signIn.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { forgetBrowser } from '../../store/knownBrowsers.ts';
import { beginAgain } from '../../store/signIn/judgedTries.ts';
import { forgetNetwork } from '../../store/signIn/knownNetworks.ts';
import type { ReadPasswordTry } from '../../store/signIn/passwordReads.ts';
import type { World } from '../world.ts';
import { browserSubject, passwordSubject } from './triesOf.ts';

export interface PasswordBudget {
  readonly subject: Buffer;
  readonly unknownBrowsers: Buffer;
  readonly ladder: Ladder;
  readonly knownBrowser: Buffer | null;
  readonly knownNetwork: Buffer | null;
  /** Those of all unknown browsers: the person is notified when they are exhausted. */
  readonly isShared: boolean;
  /** What is mentioned once it opens by itself no more. */
  readonly wornOut: Outcome;
}

export interface PasswordFrom {
  /** The folded name. */
  readonly name: string;
  readonly knownNetwork: Buffer;
}

const CODE_NEEDED = { kind: 'locked', step: 'password', opensAt: null } as const;

export function budgetOf(
  world: World,
  { name, knownNetwork }: PasswordFrom,
  found: ReadPasswordTry,
): PasswordBudget {
  const { password, knownBrowser: own, withCode } = ladders(world.rules);
  const { identityId, subjects } = found;
  const whose = identityId === null ? `name ${name}` : `identity ${identityId}`;
  const unknownBrowsers = subjects.password ?? passwordSubject(world, whose);
  const shared = {
    subject: unknownBrowsers,
    unknownBrowsers,
    ladder: password,
    knownBrowser: null,
    knownNetwork: null,
    isShared: true,
    wornOut: CODE_NEEDED,
  };
  if (identityId === null) return shared;
  const tryAgain = { kind: 'wrong_password', left: own.limit } as const;
  const { knownBrowser: browser } = found;
  if (browser) {
    const subject = subjects.browser ?? browserSubject(world, identityId, browser);
    return { ...shared, subject, ladder: own, knownBrowser: browser, isShared: false, wornOut: tryAgain };
  }
  if (subjects.code) return { ...shared, subject: subjects.code, ladder: withCode, isShared: false };
  if (subjects.network) {
    return {
      ...shared,
      subject: subjects.network,
      ladder: own,
      knownNetwork,
      isShared: false,
      wornOut: tryAgain,
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
export async function forgetWornOut(
  { database }: World,
  identityId: string,
  { subject, ladder, knownBrowser, knownNetwork }: PasswordBudget,
): Promise<void> {
  if (knownNetwork) {
    await database.transaction(async (db) => {
      if (await beginAgain(db, subject, ladder)) await forgetNetwork(db, identityId, knownNetwork);
    });
  }
  if (!knownBrowser) return;
  await database.transaction(async (db) => {
    if (!(await forgetBrowser(db, knownBrowser, identityId))) return;
    await appendEvent(db, { kind: 'browser_forgotten', identityId, details: {} });
  });
}
