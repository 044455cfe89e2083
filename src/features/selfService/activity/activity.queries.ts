/** The audit log of one person, and the letters, notices and applications in their name. */
import type { Localized } from '../../../domain/language/language.ts';
import { localizedSql } from '../../../db/connection/localizedSql.ts';
import { sql, sqlFragment, type Queryable } from '../../../db/database.ts';
import { findApplication } from '../../../db/people/applications.ts';

export interface StoredActivity {
  readonly id: string;
  readonly at: Date;
  readonly kind: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly site: Localized | null;
  /** The details of the confirmation of this change, where it is not a line of its own. */
  readonly confirmation: Readonly<Record<string, unknown>> | null;
  /** What the security key of the event is called now; null for another event, or once it is deleted. */
  readonly keyName: string | null;
}

// An id in the details is compared as text: what is no id is not found.
const KEY_NAME = sqlFragment`(SELECT k.name FROM security_keys k
      WHERE k.identity_id = e.identity_id AND k.id::text = e.details ->> 'securityKey') AS "keyName"`;

// `before` is one of this person's events, or any number that a person typed: it only separates their own
// events.
const LIST = sql`
  SELECT e.id, e.at, e.kind, e.details, NULL AS confirmation,
    CASE WHEN p.client_id IS NOT NULL THEN ${localizedSql('p.metadata', 'name')} END AS site, ${KEY_NAME}
  FROM audit_events e LEFT JOIN relying_parties p ON p.client_id = e.details ->> 'clientId'
  WHERE e.identity_id = $1 AND ($2::bigint IS NULL OR e.id < $2) ORDER BY e.id DESC LIMIT $3`;

// A change in self-service is two events of one transaction: a key confirmed it, and what was changed. As a
// line it is one. Both have the time of the transaction.
const LIST_LINES = sql`
  WITH changes (deed, kind) AS (
    VALUES ('change_email', 'email_changed'), ('change_user_id', 'user_id_chosen'),
      ('change_user_id', 'user_id_refused'), ('change_password', 'password_chosen'),
      ('change_threshold', 'threshold_changed'), ('change_card_format', 'card_format_changed'),
      ('order_card', 'card_ordered'),
      ('public_sites_on', 'public_sites_changed'), ('close_id', 'identity_closed')
  )
  SELECT e.id, e.at, e.kind, e.details, d.details AS confirmation,
    CASE WHEN p.client_id IS NOT NULL THEN ${localizedSql('p.metadata', 'name')} END AS site, ${KEY_NAME}
  FROM audit_events e LEFT JOIN relying_parties p ON p.client_id = e.details ->> 'clientId'
  LEFT JOIN LATERAL (
    SELECT c.details FROM changes x JOIN audit_events c ON c.details ->> 'deed' = x.deed
    WHERE x.kind = e.kind AND c.identity_id = e.identity_id AND c.kind = 'deed_confirmed' AND c.at = e.at
      AND c.id < e.id
    ORDER BY c.id DESC LIMIT 1
  ) d ON true
  WHERE e.identity_id = $1 AND ($2::bigint IS NULL OR e.id < $2) AND ($4::bigint IS NULL OR e.id = $4)
    AND NOT (e.kind = 'deed_confirmed' AND EXISTS (
      SELECT FROM changes x JOIN audit_events c ON c.kind = x.kind
      WHERE x.deed = e.details ->> 'deed' AND c.identity_id = e.identity_id AND c.at = e.at AND c.id > e.id))
  ORDER BY e.id DESC LIMIT $3`;

/** Lists every event, the newest first. */
export async function listActivity(
  db: Queryable,
  identityId: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<StoredActivity[]> {
  return (await db.query<StoredActivity>(LIST, [identityId, before, limit])).rows;
}

/** Lists the events as lines of the log: a change and its confirmation are one. */
export async function listActivityLines(
  db: Queryable,
  identityId: string,
  { before, limit, only = null }: { before: string | null; limit: number; only?: string | null },
): Promise<StoredActivity[]> {
  return (await db.query<StoredActivity>(LIST_LINES, [identityId, before, limit, only])).rows;
}

const LIST_SENT = sql`
  SELECT 'letter' AS way, kind, ordered_at AS at, post_on::text AS post_on FROM letters
  WHERE identity_id = $1 AND state <> 'cancelled'
  UNION ALL
  SELECT 'email', kind, at, NULL FROM notices WHERE identity_id = $1
  ORDER BY at DESC`;

export interface SentItem {
  readonly way: 'letter' | 'email';
  readonly kind: string;
  readonly at: Date;
  readonly postOn: string | null;
}

/** Lists letters, and the notices that are still stored: their subject, never their content. */
export async function listSentItems(db: Queryable, identityId: string): Promise<SentItem[]> {
  type SentItemRow = Omit<SentItem, 'postOn'> & { post_on: string | null };
  const { rows } = await db.query<SentItemRow>(LIST_SENT, [identityId]);
  return rows.map(({ way, kind, at, post_on: postOn }) => ({ way, kind, at, postOn }));
}

const LIST_APPLICATIONS = sql`
  SELECT id FROM applications WHERE identity_id = $1 ORDER BY at`;

export interface ApplicationOfPerson {
  readonly id: string;
  readonly path: string;
  /** Sealed under the id. */
  readonly formSealed: Buffer;
  readonly at: Date;
  readonly caseNumber: string | null;
}

/**
 * Lists the applications that led to this identity.
 *
 * @throws RowMacMismatch
 */
export async function listApplicationsOfPerson(
  db: Queryable,
  identityId: string,
): Promise<ApplicationOfPerson[]> {
  const { rows } = await db.query<{ id: string }>(LIST_APPLICATIONS, [identityId]);
  const found = await Promise.all(rows.map(async ({ id }) => await findApplication(db, id)));
  return found.flatMap((one) => (one ? [one] : []));
}
