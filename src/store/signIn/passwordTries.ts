/** A password at a name: read before it is compared, judged after it, each in one statement. */
import type { Attempts } from '../../core/lockout.ts';
import type { NetworkLevel } from '../../core/network/networks.ts';
import type { Outcome } from '../../core/signIn.ts';
import { sql, type Database, type Queryable } from '../database.ts';
import { browsersAsText, joinKnownBrowser } from '../knownBrowsers.ts';
import { Gather } from '../gather/gather.ts';
import { outcomeFromJson, type OutcomeJson } from '../signIns.ts';
import {
  JUDGED,
  judgedFromRow,
  judgedValues,
  LOCK_TOLD,
  lockNoticeValues,
  outcomePart,
  type JudgedRow,
  type JudgedTry,
  type LockNotice,
  type TryToJudge,
} from './judgedTries.ts';
import { joinKnownNetwork } from './knownNetworks.ts';
import {
  networkLevelsFromRow,
  readNetworkLevels,
  type NetworkBucket,
  type NetworkLevelRow,
} from './networkLevels.ts';

// Of an ID that was never taken into use the temporary password stands in, so that it costs what every other costs.
const READ = sql`
  SELECT q.n::int, i.id, coalesce(i.password_hash, t.password_hash) AS password_hash,
    i.password_hash IS NULL AND t.password_hash IS NOT NULL AS temporary, b.browser AS known_browser,
    c.id AS card_id, c.spent::text, i.password_tries, b.tries AS browser_tries,
    k.tries AS network_tries, d.tries AS code_tries,
    a.tries, a.wrong, a.in_a_row, a.counted_at, a.expires_at, network_levels, network_ages,
    s.holder, s.answered_at IS NOT NULL AS answered, date_trunc('milliseconds', clock_timestamp()) AS now
  FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::bytea[], $7::bytea[], $8::bytea[],
    $9::bytea[])
    WITH ORDINALITY AS q (name, browsers, name_subject, interaction, network, wider, widest, known_network, n)
  LEFT JOIN LATERAL (
    SELECT id, password_hash, password_tries FROM identities WHERE user_id = q.name
    UNION ALL
    SELECT id, password_hash, password_tries FROM identities WHERE id_number = q.name
    LIMIT 1
  ) i ON true
  ${joinKnownBrowser('q.browsers::bytea[]')}
  ${joinKnownNetwork('q.known_network', "(clock_timestamp() + $6 * interval '1 ms')")}
  LEFT JOIN door_codes d ON d.identity_id = i.id AND d.used_by = q.interaction
  LEFT JOIN key_cards c ON c.identity_id = i.id AND c.state = 'active' AND c.challenge IS NULL
  LEFT JOIN LATERAL (
    SELECT CASE WHEN state = 'sent' AND used_at IS NULL AND valid_until > clock_timestamp() + $6 * interval '1 ms'
             THEN l.password_hash END AS password_hash
    FROM letters l WHERE i.password_hash IS NULL AND l.identity_id = i.id AND l.kind = 'password' AND state <> 'cancelled'
    ORDER BY ordered_at DESC, l.id DESC LIMIT 1
  ) t ON true
  LEFT JOIN attempts a ON a.subject
    = CASE WHEN i.id IS NULL THEN q.name_subject WHEN b.browser IS NOT NULL THEN b.tries
           ELSE coalesce(d.tries, k.tries, i.password_tries) END
  LEFT JOIN sign_ins s ON s.interaction = q.interaction
  ${readNetworkLevels('ARRAY[q.network, q.wider, q.widest]', '$6')}`;

/** Of a name, what a comparison needs; all null where nobody has it. */
export interface ReadPasswordTry {
  readonly identityId: string | null;
  readonly passwordHash: string | null;
  /** The hash is that of a temporary password: it signs nobody in. */
  readonly isTemporary: boolean;
  /** They called this browser their own: by which of its contents. */
  readonly knownBrowser: Buffer | null;
  /** The card in use, where nothing is asked of it yet. */
  readonly unaskedCard: { readonly id: string; readonly spent: string } | null;
  /** Null until a node has filled them. */
  readonly subjects: {
    readonly password: Buffer | null;
    readonly browser: Buffer | null;
    /** Of the network, where they are known to sign in from there; of the code that this sign-in has used. */
    readonly network: Buffer | null;
    readonly code: Buffer | null;
  };
  readonly attempts: Attempts | null;
  /** In the order of the buckets. */
  readonly networkLevels: readonly (NetworkLevel | null)[];
  readonly holder: Buffer | null;
  readonly isAnswered: boolean;
  /** The database's time. */
  readonly now: Date;
}

export interface PasswordTryQuery {
  /** As `foldName` makes it; user IDs and ID numbers cannot be taken for each other. */
  readonly foldedName: string;
  /** The keyed hashes of what the browser's cookies hold. */
  readonly browsers: readonly Buffer[];
  readonly offsetMs: number;
  /** Of the name, should nobody have it. */
  readonly nameSubject: Buffer;
  readonly interaction: Buffer;
  /** Three at most, narrowest first. */
  readonly networks: readonly NetworkBucket[];
  /** The keyed hash by which a network is known to be somebody's. */
  readonly knownNetwork: Buffer;
}

interface Row extends NetworkLevelRow {
  n: number;
  id: string | null;
  password_hash: string | null;
  temporary: boolean | null;
  known_browser: Buffer | null;
  card_id: string | null;
  spent: string | null;
  password_tries: Buffer | null;
  browser_tries: Buffer | null;
  network_tries: Buffer | null;
  code_tries: Buffer | null;
  tries: number | null;
  wrong: number;
  in_a_row: number;
  counted_at: Date;
  expires_at: Date;
  holder: Buffer | null;
  answered: boolean;
  now: Date;
}

function fromRow(row: Row): ReadPasswordTry {
  const { card_id: id, spent, tries, wrong, in_a_row: inARow } = row;
  const { counted_at: countedAt, expires_at: expiresAt } = row;
  return {
    identityId: row.id,
    passwordHash: row.password_hash,
    isTemporary: row.temporary === true,
    knownBrowser: row.known_browser,
    unaskedCard: id !== null && spent !== null ? { id, spent } : null,
    subjects: {
      password: row.password_tries,
      browser: row.browser_tries,
      network: row.network_tries,
      code: row.code_tries,
    },
    attempts: tries === null ? null : { tries, wrong, inARow, countedAt, expiresAt },
    networkLevels: networkLevelsFromRow(row),
    holder: row.holder,
    isAnswered: row.answered,
    now: row.now,
  };
}

async function readPasswordTries(
  db: Queryable,
  queries: readonly PasswordTryQuery[],
): Promise<ReadPasswordTry[]> {
  const bucket = (place: number) => queries.map(({ networks }) => networks[place]?.subject ?? null);
  const { rows } = await db.query<Row>(READ, [
    queries.map(({ foldedName }) => foldedName),
    queries.map(({ browsers }) => browsersAsText(browsers)),
    queries.map(({ nameSubject }) => nameSubject),
    queries.map(({ interaction }) => interaction),
    bucket(0),
    queries[0]?.offsetMs ?? 0,
    bucket(1),
    bucket(2),
    queries.map(({ knownNetwork }) => knownNetwork),
  ]);
  const byNumber = new Map(rows.map((row) => [row.n, row]));
  return queries.map((_, i) => {
    const row = byNumber.get(i + 1);
    if (!row) throw new Error('a try is always read');
    return fromRow(row);
  });
}

const gathers = new WeakMap<Database, Gather<PasswordTryQuery, ReadPasswordTry>>();

/** Read with those of other requests. */
export async function readPasswordTry(database: Database, query: PasswordTryQuery): Promise<ReadPasswordTry> {
  const gather = gathers.get(database) ?? new Gather((some) => readPasswordTries(database, some));
  gathers.set(database, gather);
  return await gather.call(query);
}

// Locked in the order of decision 0017: tries (of the known browser, then of all unknown ones), identity, sign-in, card. The
// password is that of the locked row of the identity: one that was changed meanwhile is accepted by nobody.
const JUDGE = sql`
  WITH ${JUDGED}, ${LOCK_TOLD}, ${outcomePart(`'password'`, `'wrong_password'`, '$26')},
  calmed AS (
    UPDATE attempts c SET in_a_row = 0 FROM judged j
    WHERE j.verdict = 'right' AND c.subject = $27 AND c.subject <> $1 AND c.in_a_row > 0 RETURNING c.subject
  ), owner AS (
    SELECT i.id FROM judged j JOIN identities i ON i.id = $14::uuid
    WHERE j.verdict = 'right' AND i.password_hash = $15 AND (SELECT count(*) FROM calmed) >= 0
    FOR NO KEY UPDATE OF i
  ), entered AS (
    INSERT INTO sign_ins AS s (interaction, identity_id, password_at, step_at, expires_at, known_browser, holder, mac,
      outcome, typed_name_sealed)
    SELECT $13, o.id, CASE WHEN o.id IS NOT NULL THEN $16::timestamptz END, $17, $18, $19 AND o.id IS NOT NULL, $23,
      CASE WHEN o.id IS NOT NULL THEN $24::bytea ELSE $25::bytea END,
      CASE WHEN o.id IS NULL THEN coalesce(u.outcome, $28::jsonb) END, CASE WHEN o.id IS NULL THEN $29::bytea END
    FROM judged j CROSS JOIN outcome u LEFT JOIN owner o ON true
    WHERE j.verdict NOT IN ('again', 'busy')
    ON CONFLICT (interaction) DO UPDATE SET
      identity_id = CASE WHEN excluded.identity_id IS NULL THEN s.identity_id ELSE excluded.identity_id END,
      password_at = CASE WHEN excluded.identity_id IS NULL THEN s.password_at ELSE excluded.password_at END,
      session_uid = CASE WHEN excluded.identity_id IS NULL THEN s.session_uid END,
      known_browser = CASE WHEN excluded.identity_id IS NULL THEN s.known_browser ELSE excluded.known_browser END,
      signed_in_at = CASE WHEN excluded.identity_id IS NULL THEN s.signed_in_at END,
      with_key = CASE WHEN excluded.identity_id IS NULL THEN s.with_key END,
      consented = excluded.identity_id IS NULL AND s.consented,
      new_card_skipped = excluded.identity_id IS NULL AND s.new_card_skipped,
      outcome = excluded.outcome,
      typed_name_sealed = CASE WHEN excluded.identity_id IS NULL
        THEN coalesce(excluded.typed_name_sealed, s.typed_name_sealed) END,
      holder = excluded.holder, mac = excluded.mac, step_at = excluded.step_at, expires_at = excluded.expires_at
    WHERE s.answered_at IS NULL AND CASE WHEN excluded.identity_id IS NULL
      THEN s.expires_at > excluded.step_at AND s.holder IS NOT DISTINCT FROM $22::bytea
      -- What was complete stays so, unless it is over or another browser's: then the person who sits there begins again.
      ELSE s.signed_in_at IS NULL OR NOT $30
        OR (SELECT o.ended_at IS NULL OR s.password_at > o.ended_at FROM identities o WHERE o.id = s.identity_id)
             IS NOT TRUE
        OR (s.session_uid IS NOT NULL AND (SELECT true FROM oidc_records r WHERE r.uid = s.session_uid
              AND r.model = 'Session' AND r.ended_at IS NULL AND r.expires_at + interval '0' > now() LIMIT 1) IS NULL)
      END
    RETURNING interaction
  ), asked AS (
    UPDATE key_cards k SET challenge = $21 FROM owner o, entered e
    WHERE k.id = $20 AND k.identity_id = o.id AND k.challenge IS NULL AND k.state = 'active'
      AND get_bit(k.spent, $21::int) = 0
  ), unproven AS (
    INSERT INTO passwords_without_key AS p (interaction, identity_id, at)
    SELECT e.interaction, o.id, $17 FROM entered e, owner o WHERE NOT $19
    ON CONFLICT (interaction) DO UPDATE SET identity_id = excluded.identity_id, at = excluded.at
  )
  SELECT verdict, wrong, in_a_row, expires_at, EXISTS (SELECT FROM entered) AS entered,
    EXISTS (SELECT FROM owner) AS accepted, (SELECT outcome FROM outcome) AS outcome FROM judged`;

export interface PasswordTry extends TryToJudge {
  readonly notice: LockNotice | null;
  readonly interaction: Buffer;
  /** Whom a right one signs in; null where nobody has the name, or the password was a temporary one. */
  readonly identityId: string | null;
  /** That was compared. */
  readonly passwordHash: string | null;
  readonly passwordAt: Date;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly knownBrowser: boolean;
  /** What was drawn of the card in use, to be asked for unless something is asked for already. */
  readonly challenge: { readonly cardId: string; readonly position: number } | null;
  /** Of the row as this browser knows it. */
  readonly formerHolder: Buffer | null;
  /** This browser holds the row as it was read. */
  readonly isTheirs: boolean;
  readonly holder: Buffer;
  /** For the facts after a right one, and for those that stay. */
  readonly macs: { readonly right: Buffer; readonly wrong: Buffer | null };
  readonly typedNameSealed: Buffer;
  /** What is mentioned once it opens by itself no more, and after a right one that signs nobody in; as `Outcome`. */
  readonly wornOut: object;
  readonly rightWithoutIdentity: object | null;
  /** The unknown browsers': their wrong ones in a row end with any right one. */
  readonly unknownBrowsers: Buffer;
}

export interface JudgedPassword extends JudgedTry {
  /** The row of the sign-in has it; false where another browser holds the request. */
  readonly isEntered: boolean;
  /** The password that was compared is the one that stands: it signs its owner in. */
  readonly isAccepted: boolean;
  /** What the next page has to mention; null after a right one. */
  readonly outcome: Outcome | null;
}

export async function judgePassword(db: Queryable, judging: PasswordTry): Promise<JudgedPassword> {
  const json = (value: object | null) => (value === null ? null : JSON.stringify(value));
  const { rows } = await db.query<
    JudgedRow & { entered: boolean; accepted: boolean; outcome: OutcomeJson | null }
  >(JUDGE, [
    ...judgedValues(judging),
    ...lockNoticeValues(judging.notice),
    judging.interaction,
    judging.identityId,
    judging.passwordHash,
    judging.passwordAt,
    judging.now,
    judging.expiresAt,
    judging.knownBrowser,
    judging.challenge?.cardId ?? null,
    judging.challenge?.position ?? null,
    judging.formerHolder,
    judging.holder,
    judging.macs.right,
    judging.macs.wrong,
    json(judging.wornOut),
    judging.unknownBrowsers,
    json(judging.rightWithoutIdentity),
    judging.typedNameSealed,
    judging.isTheirs,
  ]);
  const [row] = rows;
  if (!row) throw new Error('a try is always judged');
  return {
    ...judgedFromRow(row),
    isEntered: row.entered,
    isAccepted: row.accepted,
    outcome: outcomeFromJson(row.outcome),
  };
}
