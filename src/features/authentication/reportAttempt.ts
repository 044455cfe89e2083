/** Reports a decided answer as a security event, and the lock that it caused. */
import type { LockoutPolicy } from '../../domain/signIn/lockout.ts';
import { NO_RELYING_PARTY, type AtRelyingParty, type FailedStep } from '../../domain/securityEvent.ts';
import type { AttemptResult } from '../../db/signIn/attempts.ts';
import type { AppContext } from '../appContext.ts';

export interface AttemptedStep {
  readonly step: FailedStep;
  readonly identityId: string | null;
  /** The relying party of the sign-in; none for a form elsewhere. */
  readonly at?: AtRelyingParty | undefined;
}

export function reportFailedStep(
  { report }: Pick<AppContext, 'report'>,
  { step, identityId, at = NO_RELYING_PARTY }: AttemptedStep,
  reason: 'wrong' | 'locked' | 'refused',
): void {
  report({ kind: 'authn_login_fail', step, reason, identityId, ...at });
}

/** A right answer is not reported here: whether it is accepted is decided by more than the answer. */
export function reportAttempt(
  context: Pick<AppContext, 'report'>,
  attempted: AttemptedStep,
  result: Pick<AttemptResult, 'verdict' | 'wrong' | 'inARow'>,
  policy: LockoutPolicy,
): void {
  const { step, identityId } = attempted;
  switch (result.verdict) {
    case 'wrong':
      reportFailedStep(context, attempted, 'wrong');
      if (identityId !== null && isLockReached(result, policy))
        context.report({
          kind: 'authn_login_lock',
          what: step === 'password' ? 'password' : 'key',
          identityId,
        });
      return;
    case 'locked':
    case 'worn_out':
      return reportFailedStep(context, attempted, 'locked');
    case 'busy':
      return reportFailedStep(context, attempted, 'refused');
    case 'right':
    case 'again':
  }
}

/** The condition of the audit event (db/signIn/attempts.ts, `composeLockNotice`). */
function isLockReached({ wrong, inARow }: Pick<AttemptResult, 'wrong' | 'inARow'>, policy: LockoutPolicy) {
  return wrong === policy.limit || inARow === policy.inARow;
}
