/**
 * A code of the code token in use, decided after it was compared. Its statement counts the attempt with those
 * at keys of the card, or resets the wrong ones and accepts the code, once (completion.ts).
 */
import type { CodeMiss, MatchedCode } from '../../domain/factors/codeToken.ts';
import type { Queryable } from '../database.ts';
import { composeSpentCode } from '../factors/codeTokens.ts';
import { nameParameters } from '../namedParameters.ts';
import {
  ATTEMPT_PARAMETERS,
  composeLockNotice,
  composeOutcomeFragment,
  nameAttemptValues,
  RECORD_ATTEMPT_SQL,
  type AttemptParameter,
  type AttemptToRecord,
  type LockNotice,
} from './attempts.ts';
import {
  runCompletion,
  type Completion,
  type CompletionParameter,
  type CompletionResult,
} from './completion.ts';
import {
  composeCompletion,
  composeLiveSession,
  composeNotedRow,
  composePushedCheck,
  composeWaitingRow,
} from './completionStatement.ts';

export interface CodeAttempt extends AttemptToRecord, Completion {
  readonly notice: LockNotice | null;
  readonly tokenId: string;
  /** Null for a wrong code. */
  readonly code: MatchedCode | null;
  /** The outcome of a wrong code. */
  readonly wrongKind: Exclude<CodeMiss, 'spent'>;
  readonly exhausted: object;
}

type CodeParameter = AttemptParameter | 'tokenId' | 'step' | 'drift' | 'wrongKind' | 'exhausted';

const RECORD_CODE_ATTEMPT = composeCodeStatement();

function composeCodeStatement() {
  const parameters = nameParameters<CompletionParameter | CodeParameter>(ATTEMPT_PARAMETERS);
  const { p } = parameters;
  const lockNotice = composeLockNotice(`${p.eventDetails}::jsonb -> 'seen'`).part;
  const outcome = composeOutcomeFragment(`'key'`, p.wrongKind, p.exhausted).part;
  const code = { token: p.tokenId, identity: p.identityId, step: p.step, drift: p.drift, now: p.now };
  const spent = composeSpentCode(code, {
    from: 'FROM waiting w',
    condition: `AND ${composePushedCheck(p)} AND ${composeLiveSession(p, 'w.session_uid')}`,
    returning: 't.identity_id, NULL::int AS keys_left',
  }).part;
  return composeCompletion<CodeParameter>(parameters, {
    decided: `${RECORD_ATTEMPT_SQL.part}, ${lockNotice}, ${outcome}`,
    spent: `${composeWaitingRow(p)}, spent AS (${spent})`,
    noted: composeNotedRow(
      p,
      `second_factor = CASE WHEN x.is_spent THEN 'code_token' ELSE s.second_factor END,
      with_key = CASE WHEN x.is_spent THEN false ELSE s.with_key END`,
      `'{"kind": "code_spent"}'`,
    ),
  });
}

export async function recordCodeAttempt(db: Queryable, attempt: CodeAttempt): Promise<CompletionResult> {
  const { tokenId, code, wrongKind } = attempt;
  return await runCompletion(db, RECORD_CODE_ATTEMPT, attempt, {
    ...nameAttemptValues(attempt, attempt.notice),
    tokenId,
    step: code?.step ?? null,
    drift: code?.driftSteps ?? null,
    wrongKind: `${wrongKind}_code`,
    exhausted: JSON.stringify(attempt.exhausted),
  });
}
