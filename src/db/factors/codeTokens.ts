/**
 * Reads code tokens, and spends a code of one by a conditional UPDATE that is decided by the affected rows.
 * What a statement of a sign-in needs is a part of it, so that it takes no statement of its own.
 */
import type {
  CodeToken,
  CodeTokenAlgorithm,
  CodeDigits,
  CodeTokenKind,
  CodeTokenState,
} from '../../domain/factors/codeToken.ts';
import { assertBound, timeToFact, type RowFacts } from '../../domain/rowMac.ts';
import { sql, sqlFragment, type Queryable, type SqlFragment } from '../database.ts';

/** The one in use of the identity `i`, as JSON; null when there is none. */
export const CODE_TOKEN_COLUMN = sqlFragment`
  (SELECT jsonb_build_object(
      'id', k.id, 'identity_id', k.identity_id, 'serial_number', k.serial_number, 'kind', k.kind, 'digits', k.digits,
      'period_seconds', k.period_seconds, 'algorithm', k.algorithm, 'seed_sealed', encode(k.seed_sealed, 'hex'),
      'state', k.state, 'last_step', k.last_step, 'drift_steps', k.drift_steps, 'activates_at', k.activates_at,
      'last_used_at', k.last_used_at, 'mac', encode(k.mac, 'hex'))
   FROM code_tokens k WHERE k.identity_id = i.id AND k.state = 'active') AS code_token`;

export interface CodeTokenJson {
  id: string;
  /** Null in stock. */
  identity_id: string | null;
  serial_number: string;
  kind: CodeTokenKind;
  digits: CodeDigits;
  period_seconds: number | null;
  algorithm: CodeTokenAlgorithm;
  seed_sealed: string;
  state: CodeTokenState;
  last_step: number;
  drift_steps: number;
  /** Text in JSON, a time in a column. */
  activates_at: string | Date | null;
  last_used_at: string | Date | null;
  mac: string | null;
}

/**
 * A code token as it was read. `seedSealed`: under the ring `tokens` and the context `composeSeedContext`.
 */
export interface StoredCodeToken extends CodeToken {
  readonly seedSealed: Buffer;
  readonly lastUsedAt: Date | null;
  readonly mac: Buffer | null;
}

export function readCodeToken(json: CodeTokenJson): StoredCodeToken {
  return {
    id: json.id,
    identityId: json.identity_id ?? '',
    serialNumber: json.serial_number,
    kind: json.kind,
    digits: json.digits,
    periodSeconds: json.period_seconds,
    algorithm: json.algorithm,
    seedSealed: Buffer.from(json.seed_sealed, 'hex'),
    state: json.state,
    lastStep: json.last_step,
    driftSteps: json.drift_steps,
    activatesAt: json.activates_at === null ? null : new Date(json.activates_at),
    lastUsedAt: json.last_used_at === null ? null : new Date(json.last_used_at),
    mac: json.mac === null ? null : Buffer.from(json.mac, 'hex'),
  };
}

/** The context that a seed is sealed under: moved to another device it does not open. */
export function composeSeedContext(id: string): string {
  return `code token ${id}`;
}

/** `identityId` is null in stock. */
export interface CodeTokenFacts extends Omit<CodeToken, 'identityId' | 'lastStep' | 'driftSteps'> {
  readonly identityId: string | null;
}

/**
 * What the MAC of a row covers. The last step is not part of it, as the spent keys of a card are not part of
 * one. A row that has ended has no MAC: no one can revive it.
 */
export function listCodeTokenFacts(token: CodeTokenFacts): RowFacts {
  const { id, identityId, serialNumber, kind, digits, periodSeconds, algorithm, state, activatesAt } = token;
  return [
    id,
    identityId,
    serialNumber,
    kind,
    digits,
    periodSeconds,
    algorithm,
    state,
    timeToFact(activatesAt),
  ];
}

/** @throws RowMacMismatch */
export function assertCodeTokenBound(
  db: Queryable,
  token: CodeTokenFacts & { readonly mac: Buffer | null },
): void {
  assertBound(db.rowAuthenticator, 'code token', { facts: listCodeTokenFacts(token), mac: token.mac });
}

/** The MAC of a row with these facts; null while none is written. */
export function makeCodeTokenMac({ rowAuthenticator }: Queryable, token: CodeTokenFacts): Buffer | null {
  return rowAuthenticator.mode === 'read'
    ? null
    : rowAuthenticator.make('code token', listCodeTokenFacts(token));
}

export const CODE_TOKEN_COLUMNS = sqlFragment`
  k.id, k.identity_id, k.serial_number, k.kind, k.digits, k.period_seconds, k.algorithm,
  encode(k.seed_sealed, 'hex') AS seed_sealed, k.state, k.last_step::float8 AS last_step, k.drift_steps,
  k.activates_at, k.last_used_at, encode(k.mac, 'hex') AS mac`;

const LIST_ALIVE = sql`
  SELECT ${CODE_TOKEN_COLUMNS} FROM code_tokens k
  WHERE k.identity_id = $1 AND k.state IN ('ordered', 'sent', 'active')`;

/** The one in use and the one on the way. */
export interface CodeTokens {
  readonly active: StoredCodeToken | null;
  readonly coming: StoredCodeToken | null;
}

/** @throws RowMacMismatch */
export async function findCodeTokens(db: Queryable, identityId: string): Promise<CodeTokens> {
  const { rows } = await db.query<CodeTokenJson>(LIST_ALIVE, [identityId]);
  const tokens = rows.map(readCodeToken);
  for (const token of tokens) assertCodeTokenBound(db, token);
  return {
    active: tokens.find(({ state }) => state === 'active') ?? null,
    coming: tokens.find(({ state }) => state !== 'active') ?? null,
  };
}

/** The parameters of `composeSpentCode`, as SQL. */
interface SpentCodeParameters {
  readonly token: string;
  readonly identity: string;
  readonly step: string;
  readonly drift: string;
  readonly now: string;
}

/** A FROM clause, a condition (`AND ...`) on it, and what is returned, as SQL. */
interface SpentCodeContext {
  readonly from: string;
  readonly condition: string;
  readonly returning: string;
}

/**
 * `UPDATE ... RETURNING`: accepts a code, once. Of concurrent statements with codes of one step the
 * first updates the row, and the others find that its step is no longer larger than the last one.
 */
export function composeSpentCode(
  { token, identity, step, drift, now }: SpentCodeParameters,
  { from, condition, returning }: SpentCodeContext = { from: '', condition: '', returning: 't.identity_id' },
): SqlFragment {
  return {
    part: `UPDATE code_tokens t SET last_step = ${step}::bigint, drift_steps = ${drift}::int, last_used_at = ${now}::timestamptz
    ${from}
    WHERE t.id = ${token}::uuid AND t.identity_id = ${identity}::uuid AND t.state = 'active' AND t.last_step < ${step}::bigint
      ${condition}
    RETURNING ${returning}`,
  };
}

const SPEND = sql`${composeSpentCode({ token: '$1', identity: '$2', step: '$3', drift: '$4', now: '$5' })}`;

/** Exactly one concurrent caller succeeds with a code. */
export async function spendCode(
  db: Queryable,
  { id, identityId }: Pick<CodeToken, 'id' | 'identityId'>,
  code: { readonly step: number; readonly driftSteps: number },
  now: Date,
): Promise<boolean> {
  return (await db.query(SPEND, [id, identityId, code.step, code.driftSteps, now])).rowCount === 1;
}
