/**
 * A key of the card in use, decided after it was compared. Its statement counts the attempt, or resets the
 * wrong ones and spends the key (completion.ts).
 */
import type { Queryable } from '../database.ts';
import { nameParameters } from '../namedParameters.ts';
import {
  ATTEMPT_PARAMETERS,
  RECORD_ATTEMPT_SQL,
  composeLockNotice,
  composeOutcomeFragment,
  nameAttemptValues,
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

export interface KeyAttempt extends AttemptToRecord, Completion {
  readonly notice: LockNotice | null;
  readonly cardId: string;
  readonly position: number;
  readonly exhausted: object;
}

export type KeyAttemptResult = CompletionResult;

type KeyParameter = AttemptParameter | 'cardId' | 'position' | 'exhausted';

const RECORD_KEY_ATTEMPT = composeKeyStatement();

function composeKeyStatement() {
  const parameters = nameParameters<CompletionParameter | KeyParameter>(ATTEMPT_PARAMETERS);
  const { p } = parameters;
  const lockNotice = composeLockNotice(`${p.eventDetails}::jsonb -> 'seen'`).part;
  const outcome = composeOutcomeFragment(`'key'`, `'wrong_key'`, p.exhausted).part;
  return composeCompletion<KeyParameter>(parameters, {
    decided: `${RECORD_ATTEMPT_SQL.part}, ${lockNotice}, ${outcome}`,
    spent: `${composeWaitingRow(p)}, spent AS (
    UPDATE key_cards c SET spent = set_bit(c.spent, ${p.position}::int, 1), challenge = NULL FROM waiting w
    WHERE c.id = ${p.cardId} AND c.identity_id = ${p.identityId} AND c.state = 'active' AND c.challenge = ${p.position}
      AND get_bit(c.spent, ${p.position}::int) = 0 AND ${composePushedCheck(p)}
      AND ${composeLiveSession(p, 'w.session_uid')}
    RETURNING c.identity_id, 148 - bit_count(c.spent)::int AS keys_left
  )`,
    noted: composeNotedRow(
      p,
      'with_key = CASE WHEN x.is_spent THEN true ELSE s.with_key END',
      `'{"kind": "stale_key"}'`,
    ),
  });
}

export async function recordKeyAttempt(db: Queryable, attempt: KeyAttempt): Promise<KeyAttemptResult> {
  const { cardId, position } = attempt;
  const exhausted = JSON.stringify(attempt.exhausted);
  const ofAttempt = nameAttemptValues(attempt, attempt.notice);
  return await runCompletion(db, RECORD_KEY_ATTEMPT, attempt, { ...ofAttempt, cardId, position, exhausted });
}
