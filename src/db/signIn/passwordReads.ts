/** Everything that deciding a password at a name needs is read before it is compared, in one statement. */
import type { Attempts } from '../../domain/signIn/lockout.ts';
import type { NetworkLevel } from '../../domain/network/networks.ts';
import { sql, type Database, type BatchKind, type Queryable } from '../database.ts';
import { browsersToText, composeKnownBrowserJoin } from './knownBrowsers.ts';
import { attemptsFromRow, type AttemptsRow } from './attempts.ts';
import { composeKnownNetworkJoin } from './knownNetworks.ts';
import {
  readNetworkLevels,
  composeNetworkLevelsJoin,
  type NetworkBucket,
  type NetworkLevelRow,
} from './networkLevels.ts';

// For an ID that was never activated the temporary password is compared, so that it takes as long as any
// other.
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
  ${composeKnownBrowserJoin('q.browsers::bytea[]')}
  ${composeKnownNetworkJoin('q.known_network', "(clock_timestamp() + $6 * interval '1 ms')")}
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
  ${composeNetworkLevelsJoin('ARRAY[q.network, q.wider, q.widest]', '$6')}`;

/** The state of a name before the comparison; all null for an unknown name. */
export interface PasswordAttemptState {
  readonly identityId: string | null;
  readonly passwordHash: string | null;
  /** The hash is that of a temporary password: it signs no one in. */
  readonly isTemporary: boolean;
  /**
   * The value of the browser's cookies by which this browser is known to the person; null when it is unknown.
   */
  readonly knownBrowser: Buffer | null;
  /** The card in use, if it has no pending challenge. */
  readonly cardWithoutChallenge: { readonly id: string; readonly spent: string } | null;
  /** Null until a node has filled them in. */
  readonly subjects: {
    readonly password: Buffer | null;
    readonly browser: Buffer | null;
    /**
     * `network`: set when the person is known to sign in from it. `code`: that of the code that this sign-in
     * has used.
     */
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

export interface PasswordAttemptQuery {
  /** As `foldName` returns it; a user ID never has the form of an ID number. */
  readonly foldedName: string;
  /** The keyed hashes of the values in the browser's cookies. */
  readonly browsers: readonly Buffer[];
  readonly offsetMs: number;
  /** The subject of the attempts at an unknown name. */
  readonly nameSubject: Buffer;
  readonly interaction: Buffer;
  /** At most three, the narrowest first. */
  readonly networks: readonly NetworkBucket[];
  /** The keyed hash of the network; it is known if the person has signed in from it. */
  readonly knownNetwork: Buffer;
}

interface PasswordAttemptRow extends NetworkLevelRow, AttemptsRow {
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
  holder: Buffer | null;
  answered: boolean;
  now: Date;
}

function readPasswordAttemptRow(row: PasswordAttemptRow): PasswordAttemptState {
  const { card_id: id, spent } = row;
  return {
    identityId: row.id,
    passwordHash: row.password_hash,
    isTemporary: row.temporary === true,
    knownBrowser: row.known_browser,
    cardWithoutChallenge: id !== null && spent !== null ? { id, spent } : null,
    subjects: {
      password: row.password_tries,
      browser: row.browser_tries,
      network: row.network_tries,
      code: row.code_tries,
    },
    attempts: attemptsFromRow(row),
    networkLevels: readNetworkLevels(row),
    holder: row.holder,
    isAnswered: row.answered,
    now: row.now,
  };
}

async function readPasswordAttempts(
  db: Queryable,
  queries: readonly PasswordAttemptQuery[],
): Promise<PasswordAttemptState[]> {
  const bucket = (place: number) => queries.map(({ networks }) => networks[place]?.subject ?? null);
  const { rows } = await db.query<PasswordAttemptRow>(READ, [
    queries.map(({ foldedName }) => foldedName),
    queries.map(({ browsers }) => browsersToText(browsers)),
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
    if (!row) throw new Error('the password query returned no row');
    return readPasswordAttemptRow(row);
  });
}

const PASSWORD_ATTEMPTS: BatchKind<PasswordAttemptQuery, PasswordAttemptState> = {
  make: readPasswordAttempts,
};

/** Reads the state in one statement with those of concurrent requests. */
export async function queuePasswordAttemptRead(
  database: Database,
  query: PasswordAttemptQuery,
): Promise<PasswordAttemptState> {
  return await database.batch(PASSWORD_ATTEMPTS, query);
}
