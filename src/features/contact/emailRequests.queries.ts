/** The e-mail addresses that wait for their code, one for each identity, and the queue of codes to send. */
import type { EmailRequestKind } from '../../domain/person/emailCode.ts';
import type { Language } from '../../domain/person/person.ts';
import { sql, type Queryable } from '../../db/database.ts';

const SAVE_REQUEST = sql`
  INSERT INTO email_requests AS r (identity_id, id, email_sealed, kind, given_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (identity_id) DO UPDATE SET id = excluded.id, email_sealed = excluded.email_sealed,
    kind = excluded.kind, given_at = excluded.given_at, code_id = NULL, code = NULL, code_until = NULL, tries = 0,
    confirmed_at = NULL, send_at = NULL, send_tries = 0, refused = false`;

export interface NewEmailRequest {
  readonly identityId: string;
  /** With the identity, the context under which the address is sealed. */
  readonly id: string;
  readonly emailSealed: Buffer;
  readonly kind: EmailRequestKind;
  readonly givenAt: Date;
}

/** Replaces an address that waited before; a code that was sent to that one is no longer valid. */
export async function insertEmailRequest(db: Queryable, request: NewEmailRequest): Promise<void> {
  const { identityId, id, emailSealed, kind, givenAt } = request;
  await db.query(SAVE_REQUEST, [identityId, id, emailSealed, kind, givenAt]);
}

const FIND = sql`
  SELECT r.id, r.email_sealed, r.kind, r.given_at, r.code_id, r.code_until, r.tries, r.refused
  FROM email_requests r WHERE r.identity_id = $1 AND r.confirmed_at IS NULL`;

export interface StoredEmailRequest extends NewEmailRequest {
  readonly codeId: string | null;
  readonly codeUntil: Date | null;
  /** Codes that were entered since the newest code was ordered. */
  readonly tries: number;
  /** The mail server refused the address. */
  readonly isRefused: boolean;
}

export async function findEmailRequest(
  db: Queryable,
  identityId: string,
): Promise<StoredEmailRequest | null> {
  type EmailRequestRow = {
    id: string;
    email_sealed: Buffer;
    kind: EmailRequestKind;
    given_at: Date;
    code_id: string | null;
    code_until: Date | null;
    tries: number;
    refused: boolean;
  };
  const row = (await db.query<EmailRequestRow>(FIND, [identityId])).rows[0];
  if (!row) return null;
  const { id, kind, tries, email_sealed: emailSealed, given_at: givenAt, refused: isRefused } = row;
  const { code_id: codeId, code_until: codeUntil } = row;
  return { identityId, id, emailSealed, kind, givenAt, codeId, codeUntil, tries, isRefused };
}

const ORDER = sql`
  UPDATE email_requests SET code_id = $3, code = $4, code_until = $5, tries = 0, send_at = now(), send_tries = 0,
    refused = false
  WHERE identity_id = $1 AND id = $2 AND confirmed_at IS NULL AND code_id IS NOT DISTINCT FROM $6::uuid`;

/**
 * Saves a code for this address in place of the previous one. Exactly one of the concurrent callers that saw
 * the same previous code succeeds: a form that was sent twice sends one mail.
 */
export async function orderEmailCode(
  db: Queryable,
  { identityId, id, codeId: before }: Pick<StoredEmailRequest, 'identityId' | 'id' | 'codeId'>,
  code: { readonly id: string; readonly hash: Buffer; readonly until: Date },
): Promise<boolean> {
  const values = [identityId, id, code.id, code.hash, code.until, before];
  return (await db.query(ORDER, values)).rowCount === 1;
}

// The row lock covers counting, comparing and consuming: no more concurrent codes are verified than are
// allowed.
const VERIFY_CODE = sql`
  UPDATE email_requests r SET tries = r.tries + 1, confirmed_at = CASE WHEN r.code = $3 THEN $4::timestamptz END
  WHERE r.identity_id = $1 AND r.id = $2 AND r.confirmed_at IS NULL AND r.code_until > $4 AND r.tries < $5
    AND EXISTS (SELECT FROM identities i WHERE i.id = $1 AND i.blocked_at IS NULL AND i.closed_at IS NULL)
  RETURNING r.confirmed_at IS NOT NULL AS is_right, r.tries`;

/**
 * `over`: there is no code that may be verified. Exactly one concurrent caller with the right code succeeds.
 */
export async function verifyEmailCode(
  db: Queryable,
  { identityId, id }: Pick<StoredEmailRequest, 'identityId' | 'id'>,
  { hash, now, tries }: { readonly hash: Buffer; readonly now: Date; readonly tries: number },
): Promise<'right' | 'wrong' | 'over'> {
  type EmailCodeResultRow = { is_right: boolean; tries: number };
  const row = (await db.query<EmailCodeResultRow>(VERIFY_CODE, [identityId, id, hash, now, tries])).rows[0];
  if (row?.is_right) return 'right';
  return row && row.tries < tries ? 'wrong' : 'over';
}

const DELETE = sql`DELETE FROM email_requests WHERE identity_id = $1 AND kind = ANY($2::text[])`;
const ALL_KINDS: readonly EmailRequestKind[] = ['given', 'change', 'kept'];

/** Returns false when there was none. */
export async function deleteEmailRequest(
  db: Queryable,
  identityId: string,
  kinds: readonly EmailRequestKind[] = ALL_KINDS,
): Promise<boolean> {
  return (await db.query(DELETE, [identityId, kinds])).rowCount === 1;
}

const CLAIM = sql`
  UPDATE email_requests r SET send_at = now() + $2 * interval '1 ms'
  FROM identities i JOIN people p ON p.id = i.person_id
  WHERE r.identity_id = ANY(ARRAY(
    SELECT identity_id FROM email_requests WHERE send_at <= now() ORDER BY send_at LIMIT $1 FOR UPDATE SKIP LOCKED))
    AND i.id = r.identity_id
  RETURNING r.identity_id, r.id, r.code_id, r.code_until, r.email_sealed, r.send_tries, p.language`;

export interface ClaimedEmailCode {
  readonly identityId: string;
  /** With the identity, the context under which the address is sealed. */
  readonly id: string;
  readonly codeId: string;
  readonly codeUntil: Date;
  readonly emailSealed: Buffer;
  readonly sendTries: number;
  readonly language: Language;
}

/** Claims codes that wait to be sent; no other node claims them for `leaseMs`. */
export async function claimEmailCodes(
  db: Queryable,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<ClaimedEmailCode[]> {
  type ClaimedEmailCodeRow = {
    identity_id: string;
    id: string;
    code_id: string;
    code_until: Date;
    email_sealed: Buffer;
    send_tries: number;
    language: Language;
  };
  const { rows } = await db.query<ClaimedEmailCodeRow>(CLAIM, [limit, leaseMs]);
  return rows.map((row) => ({
    identityId: row.identity_id,
    id: row.id,
    codeId: row.code_id,
    codeUntil: row.code_until,
    emailSealed: row.email_sealed,
    sendTries: row.send_tries,
    language: row.language,
  }));
}

const MARK_SENT = sql`UPDATE email_requests SET send_at = NULL, refused = $2 WHERE code_id = $1`;

/** @param refused the mail server refused the address; the page that waits for the code states that */
export async function markEmailCodeSent(db: Queryable, codeId: string, refused = false): Promise<void> {
  await db.query(MARK_SENT, [codeId, refused]);
}

const RECORD_FAILURE = sql`
  UPDATE email_requests SET send_at = now() + $2 * interval '1 ms', send_tries = send_tries + 1 WHERE code_id = $1`;

export async function recordEmailCodeFailure(db: Queryable, codeId: string, afterMs: number): Promise<void> {
  await db.query(RECORD_FAILURE, [codeId, afterMs]);
}
