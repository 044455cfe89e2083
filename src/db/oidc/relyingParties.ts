/**
 * Relying parties as registered. They are read often and changed rarely: see oidc/registration/clients.ts for
 * the cache.
 */
import { localize, type Localized } from '../../domain/language/language.ts';
import { readStoredRelyingParty, type RelyingParty } from '../../domain/relyingParty/relyingParty.ts';
import { readHomePage, type Service, type ServiceWords } from '../../domain/relyingParty/services.ts';
import {
  assertRegistrationBound,
  toJsonValue,
  changeRegistration,
  hashText,
  REGISTRATION_MAC_COLUMNS,
  type RegistrationMacColumns,
} from '../binding/registrationMac.ts';
import { localizedOrder, localizedSql } from '../connection/localizedSql.ts';
import { sql, type Queryable } from '../database.ts';

const FIND = sql`
  SELECT CASE WHEN version IS DISTINCT FROM $2 THEN metadata::text END AS metadata, state, version,
    CASE WHEN version IS DISTINCT FROM $2 THEN seen_jwks::text END AS seen_jwks, ${REGISTRATION_MAC_COLUMNS}
  FROM relying_parties WHERE client_id = $1 AND state <> 'removed'`;

/** A relying party as a node serves it. */
export interface ActiveRelyingParty {
  /** Null when the caller already knows this version: nothing is read twice. */
  readonly rp: RelyingParty | null;
  /** No one can sign in there before an operator has approved it. */
  readonly isPending: boolean;
  /** The same version means the same registration. */
  readonly version: number;
  /** Its keys as they were last fetched from its `jwks_uri`. */
  readonly seenJwks: FetchedJwks | null;
}

export interface FetchedJwks {
  readonly keys: readonly object[];
}

interface ActiveRelyingPartyRow extends RegistrationMacColumns {
  readonly metadata: string | null;
  readonly state: string;
  readonly version: number;
  readonly seen_jwks: string | null;
}

/** @param known the version that the caller has @throws RowMacMismatch */
export async function findActiveRelyingParty(
  db: Queryable,
  clientId: string,
  known: number | null,
): Promise<ActiveRelyingParty | null> {
  const { rows } = await db.query<ActiveRelyingPartyRow>(FIND, [clientId, known]);
  const [row] = rows;
  if (!row) return null;
  const { metadata, state, version, seen_jwks: jwks } = row;
  // The digests are computed here, over the very text that is served, so that the MAC covers it.
  if (metadata !== null) {
    row.row_metadata = hashText(metadata);
    row.row_jwks = jwks === null ? null : hashText(jwks);
  }
  assertRegistrationBound(db, row);
  const rp = metadata === null ? null : readStoredRelyingParty(JSON.parse(metadata));
  const seenJwks = jwks === null ? null : (JSON.parse(jwks) as FetchedJwks);
  return { rp, isPending: state === 'pending', version, seenJwks };
}

export async function findRelyingParty(db: Queryable, clientId: string): Promise<RelyingParty | null> {
  return (await findActiveRelyingParty(db, clientId, null))?.rp ?? null;
}

const SAVE_JWKS = sql`
  UPDATE relying_parties SET seen_jwks = $3::jsonb
  WHERE client_id = $1 AND metadata ->> 'jwks_uri' = $2 AND seen_jwks IS DISTINCT FROM $3::jsonb`;

/**
 * Saves keys fetched from `jwks_uri`, if the registration still names that URI; used while the URI is
 * unavailable.
 */
export async function saveSeenJwks(
  db: Queryable,
  { clientId, jwksUri }: { clientId: string; jwksUri: string },
  jwks: object,
): Promise<void> {
  const values = [clientId, jwksUri, JSON.stringify(jwks)];
  const intended = { seenJwks: toJsonValue(jwks) };
  await changeRegistration(
    db,
    clientId,
    () => intended,
    (inner) => inner.query(SAVE_JWKS, values),
  );
}

const SAVE = sql`
  INSERT INTO relying_parties (client_id, kind, metadata) VALUES ($1, $2, $3::jsonb)
  ON CONFLICT (client_id) DO UPDATE SET
    kind = excluded.kind, metadata = excluded.metadata, state = 'active', version = relying_parties.version + 1`;

export async function saveRelyingParty(db: Queryable, rp: RelyingParty): Promise<void> {
  const values = [rp.client_id, rp.kind, JSON.stringify(rp)];
  await changeRegistration(
    db,
    rp.client_id,
    (before) => ({
      kind: rp.kind,
      metadata: toJsonValue(rp),
      state: 'active',
      version: (before?.version ?? 0) + 1,
    }),
    (inner) => inner.query(SAVE, values),
  );
}

/** The display name of a relying party, in each language. */
const NAME = localizedSql('metadata', 'name');

const FIND_NAMES = sql`
  SELECT ${NAME} AS name, ${REGISTRATION_MAC_COLUMNS}
  FROM relying_parties WHERE client_id = $1`;

/** Finds the display name, also of a relying party that was removed. @throws RowMacMismatch */
export async function findRelyingPartyNames(db: Queryable, clientId: string): Promise<Localized | null> {
  type RelyingPartyNamesRow = { name: Localized } & RegistrationMacColumns;
  const { rows } = await db.query<RelyingPartyNamesRow>(FIND_NAMES, [clientId]);
  if (!rows[0]) return null;
  assertRegistrationBound(db, rows[0]);
  return rows[0].name;
}

const LIST_PUBLIC = sql`
  SELECT ${NAME} AS name FROM relying_parties
  WHERE kind = 'public' AND state = 'active' AND client_id <> ALL ($1)
  ORDER BY ${localizedOrder('metadata', 'name')} LIMIT 500`;

/**
 * The names of the public relying parties, to which the person's choice of public sites applies.
 * @param except first-party clients, which are no place to go to
 */
export async function listPublicSites(db: Queryable, except: readonly string[]): Promise<Localized[]> {
  const { rows } = await db.query<{ name: Localized }>(LIST_PUBLIC, [except]);
  return rows.map(({ name }) => name);
}

const FIND_SERVICES_VERSION = sql`
  SELECT coalesce(md5(string_agg(client_id || ' ' || version, ',' ORDER BY client_id)), '') AS version
    FROM relying_parties WHERE kind IN ('bank', 'public') AND state = 'active' AND client_id <> ALL ($1)`;

/** A version that changes whenever the result of `listServices` may change. */
export async function findServicesVersion(db: Queryable, except: readonly string[]): Promise<string> {
  return (await db.query<{ version: string }>(FIND_SERVICES_VERSION, [except])).rows[0]?.version ?? '';
}

const LIST_SERVICES = sql`
  SELECT kind, ${NAME} AS name, ${localizedSql('metadata', 'purpose')} AS purpose,
         ${localizedSql('metadata', 'without')} AS without, metadata ->> 'client_uri' AS home_page
    FROM relying_parties WHERE kind IN ('bank', 'public') AND state = 'active' AND client_id <> ALL ($1)`;

interface ServiceRow {
  readonly kind: Service['kind'];
  readonly name: Localized;
  readonly purpose: Localized<string | null>;
  readonly without: Localized<string | null>;
  readonly home_page: string | null;
}

/** Lists the public facts of the registered banks and public services. @param except first-party clients */
export async function listServices(db: Queryable, except: readonly string[]): Promise<Service[]> {
  const { rows } = await db.query<ServiceRow>(LIST_SERVICES, [except]);
  return rows.map(({ kind, name, purpose, without, home_page }) => ({
    kind,
    name,
    words: wordsOf(purpose, without),
    homePage: readHomePage(home_page),
  }));
}

/** @returns null unless both texts are given in every language */
function wordsOf(purpose: ServiceRow['purpose'], without: ServiceRow['without']): Service['words'] {
  const words = localize((language) => ({ purpose: purpose[language], without: without[language] }));
  return isStated(words) ? words : null;
}

function isStated(
  words: Localized<Record<keyof ServiceWords, string | null>>,
): words is Localized<ServiceWords> {
  return Object.values(words).every(({ purpose, without }) => purpose && without);
}
