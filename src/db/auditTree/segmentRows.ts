/**
 * The rows that the events of a segment changed, as they are when the segment is streamed: what a restored
 * database lacks, and nothing that only a running sign-in needs. The events do not say it: they name no key
 * of a card, and no secret.
 */
import { sql, type Queryable } from '../database.ts';

/** Rows of an ID and of its person, in the order in which they can be written again. */
export const TABLES_OF_IDENTITY = [
  'people',
  'identities',
  'key_cards',
  'code_tokens',
  'letters',
  'notices',
  'consents',
  'staff',
  'known_browsers',
  'security_keys',
  'email_requests',
  'audit_erased_events',
  'gathered_notices',
  'letter_days',
  'applications',
  'cpr_changes',
  'colleague_actions',
  'former_cprs',
  'apart_cprs',
  'duplicate_identities',
] as const;
/** Rows that concern no ID: few, and rarely changed. */
export const TABLES_OF_INSTALLATION = [
  'relying_parties',
  'signing_keys',
  'initial_access_tokens',
  'status_line',
] as const;

export type StreamedTable = (typeof TABLES_OF_IDENTITY)[number] | (typeof TABLES_OF_INSTALLATION)[number];

/** Table -> rows as `to_jsonb` gives them. */
export type StreamedRows = Partial<Record<StreamedTable, readonly Readonly<Record<string, unknown>>[]>>;

const LIST_CARDS = sql`
  SELECT
    (SELECT jsonb_agg(to_jsonb(t)) FROM key_cards t WHERE t.identity_id = ANY($1::uuid[]) AND t.state = 'active') AS key_cards,
    (SELECT jsonb_agg(to_jsonb(t)) FROM code_tokens t WHERE t.identity_id = ANY($1::uuid[]) AND t.state = 'active') AS code_tokens`;

const LIST_OF_IDENTITIES = sql`
  SELECT
    (SELECT jsonb_agg(to_jsonb(t)) FROM people t JOIN identities i ON i.person_id = t.id
      WHERE i.id = ANY($1::uuid[])) AS people,
    (SELECT jsonb_agg(to_jsonb(t)) FROM identities t WHERE t.id = ANY($1::uuid[])) AS identities,
    (SELECT jsonb_agg(to_jsonb(t)) FROM key_cards t WHERE t.identity_id = ANY($1::uuid[])) AS key_cards,
    (SELECT jsonb_agg(to_jsonb(t)) FROM code_tokens t WHERE t.identity_id = ANY($1::uuid[])) AS code_tokens,
    (SELECT jsonb_agg(to_jsonb(t)) FROM letters t WHERE t.identity_id = ANY($1::uuid[])) AS letters,
    (SELECT jsonb_agg(to_jsonb(t)) FROM notices t WHERE t.identity_id = ANY($1::uuid[]) AND t.state = 'waiting') AS notices,
    (SELECT jsonb_agg(to_jsonb(t)) FROM consents t WHERE t.identity_id = ANY($1::uuid[])) AS consents,
    (SELECT jsonb_agg(to_jsonb(t)) FROM staff t WHERE t.identity_id = ANY($1::uuid[])) AS staff,
    (SELECT jsonb_agg(to_jsonb(t)) FROM known_browsers t WHERE t.identity_id = ANY($1::uuid[])) AS known_browsers,
    (SELECT jsonb_agg(to_jsonb(t)) FROM security_keys t WHERE t.identity_id = ANY($1::uuid[])) AS security_keys,
    (SELECT jsonb_agg(to_jsonb(t)) FROM email_requests t WHERE t.identity_id = ANY($1::uuid[])) AS email_requests,
    (SELECT jsonb_agg(to_jsonb(t)) FROM audit_erased_events t WHERE t.identity_id = ANY($1::uuid[])) AS audit_erased_events,
    (SELECT jsonb_agg(to_jsonb(t)) FROM gathered_notices t WHERE t.identity_id = ANY($1::uuid[])) AS gathered_notices,
    (SELECT jsonb_agg(to_jsonb(t)) FROM letter_days t WHERE t.identity_id = ANY($1::uuid[])) AS letter_days,
    (SELECT jsonb_agg(to_jsonb(t)) FROM applications t WHERE t.identity_id = ANY($1::uuid[])) AS applications,
    (SELECT jsonb_agg(to_jsonb(t)) FROM cpr_changes t WHERE t.identity_id = ANY($1::uuid[])) AS cpr_changes,
    (SELECT jsonb_agg(to_jsonb(t)) FROM colleague_actions t WHERE t.identity_id = ANY($1::uuid[])) AS colleague_actions,
    (SELECT jsonb_agg(to_jsonb(t)) FROM former_cprs t WHERE t.current = ANY(ARRAY(
      SELECT p.cpr_lookup FROM people p JOIN identities i ON i.person_id = p.id WHERE i.id = ANY($1::uuid[])))) AS former_cprs,
    (SELECT jsonb_agg(to_jsonb(t)) FROM apart_cprs t, (
      SELECT p.cpr_lookup FROM people p JOIN identities i ON i.person_id = p.id WHERE i.id = ANY($1::uuid[])) AS own
      WHERE own.cpr_lookup IN (t.one, t.other)) AS apart_cprs,
    (SELECT jsonb_agg(to_jsonb(t)) FROM duplicate_identities t
      WHERE t.one_id = ANY($1::uuid[]) OR t.other_id = ANY($1::uuid[])) AS duplicate_identities`;

const LIST_OF_INSTALLATION = sql`
  SELECT (SELECT jsonb_agg(to_jsonb(t)) FROM relying_parties t) AS relying_parties,
    (SELECT jsonb_agg(to_jsonb(t)) FROM signing_keys t) AS signing_keys,
    (SELECT jsonb_agg(to_jsonb(t)) FROM initial_access_tokens t) AS initial_access_tokens,
    (SELECT jsonb_agg(to_jsonb(t)) FROM status_line t) AS status_line,
    (SELECT jsonb_agg(to_jsonb(t)) FROM applications t
      WHERE t.state = 'waiting' OR t.decided_at > $1::timestamptz - interval '1 hour') AS applications`;

/** Whose rows a segment needs. */
export interface ConcernedRows {
  /** IDs of which only the card and the code token in use changed. */
  readonly cardsOf: readonly string[];
  readonly allOf: readonly string[];
  readonly ofInstallation: boolean;
  /** Of the first event of the segment. */
  readonly since: Date;
}

export async function listStreamedRows(db: Queryable, concerned: ConcernedRows): Promise<StreamedRows> {
  const { cardsOf, allOf, ofInstallation, since } = concerned;
  const found: StreamedRows[] = [];
  const read = async (statement: Parameters<Queryable['query']>[0], values: readonly unknown[]) => {
    const [row] = (
      await db.query<Record<string, readonly Readonly<Record<string, unknown>>[] | null>>(statement, values)
    ).rows;
    found.push(Object.fromEntries(Object.entries(row ?? {}).map(([table, rows]) => [table, rows ?? []])));
  };
  if (cardsOf.length > 0) await read(LIST_CARDS, [cardsOf]);
  if (allOf.length > 0) await read(LIST_OF_IDENTITIES, [allOf]);
  if (ofInstallation) await read(LIST_OF_INSTALLATION, [since]);
  const merged: Record<string, Readonly<Record<string, unknown>>[]> = {};
  for (const rows of found)
    for (const [table, some] of Object.entries(rows)) (merged[table] ??= []).push(...some);
  return merged;
}
