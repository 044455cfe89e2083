/**
 * People with cards, seeded in bulk: rows as an issued ID leaves them, written as arrays, a few thousand a
 * statement. They share one password hash, which is made once: hashing a million would take hours, and a
 * sign-in verifies it all the same.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type pg from 'pg';
import { composeCardSecretInput, deriveCardContents } from '../src/domain/card/keyCard.ts';
import { hashClientSecret } from '../src/domain/relyingParty/clientSecrets.ts';
import { relyingPartySchema } from '../src/domain/relyingParty/relyingParty.ts';
import type { Keyring } from '../src/platform/keyring.ts';

export const PASSWORD = 'Kodeord til målingen';
const CHUNK = 5_000;
const KEYS_BEFORE_RENEWAL = 120;

export interface BenchPerson {
  readonly userId: string;
  /** Content of the cookie of their known browser. */
  readonly browser: string;
  /** The client address from which they seem to come. */
  readonly address: string;
  /** Key number, as shown, -> key. */
  keys(): ReadonlyMap<string, string>;
}

interface SeededRow {
  readonly serial: number;
  readonly identityId: string;
  readonly cardId: string;
  readonly salt: Buffer;
}

/**
 * @param from the first serial number; lower ones exist already
 * @param passwordHash of `PASSWORD`, shared by all; by default it is made as the nodes make theirs
 */
export async function seedPeople(
  { database, keyring }: { database: pg.Pool; keyring: Keyring },
  { from, many, passwordHash }: { from: number; many: number; passwordHash?: string },
  progress: (done: number) => void,
): Promise<void> {
  const setting = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
  const ofAll = passwordHash ?? (await hash(PASSWORD, setting));
  for (let done = 0; done < many; done += CHUNK) {
    const serials = Array.from({ length: Math.min(CHUNK, many - done) }, (_, i) => from + done + i);
    await insertPeople(database, keyring, ofAll, serials);
    progress(done + serials.length);
  }
  await database.query('VACUUM ANALYZE');
}

async function insertPeople(database: pg.Pool, keyring: Keyring, passwordHash: string, serials: number[]) {
  const people = serials.map((serial) => {
    const id = randomUUID();
    // An impossible CPR number: there is no 61st day.
    const cpr = `61${String(serial).padStart(8, '0')}`;
    return {
      id,
      pid: `9208-2002-2-${String(serial).padStart(12, '0')}`,
      name: String(serial),
      cprSealed: keyring.seal('seal', cpr, id),
      cprLookup: keyring.hmac('cprLookup', cpr),
      address: keyring.seal(
        'seal',
        '{"street":"Storegade 1","postcode":"8900","city":"Randers C"}',
        `address ${id}`,
      ),
      email: keyring.seal('seal', `person-${serial}@mail.example`, `email ${id}`),
      identityId: randomUUID(),
      idNumber: String(100_000_000 + serial),
      userId: userIdOf(serial),
      cardId: randomUUID(),
      cardNumber: `A${String(serial).padStart(9, '0')}`,
      salt: randomBytes(32),
      browser: keyring.hmac('records', `browser ${browserOf(userIdOf(serial))}`),
    };
  });
  const column = (name: keyof (typeof people)[number]) => people.map((one) => one[name]);
  await database.query(
    `WITH person AS (
       INSERT INTO people (id, given_name, family_name, birthdate, language, pid, cpr_sealed, cpr_lookup, address_sealed, email_sealed)
       SELECT id, 'Person', name, '1980-01-01', 'da', pid, cpr, lookup, address, email
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[])
         AS t (id, name, pid, cpr, lookup, address, email)
     ), identity AS (
       INSERT INTO identities (id, person_id, id_number, user_id, password_hash, public_sites, proofing)
       SELECT id, person, number, name, $12, true, 'Substantial'
       FROM unnest($8::uuid[], $1::uuid[], $9::text[], $10::text[]) AS t (id, person, number, name)
     ), known AS (
       INSERT INTO known_browsers (browser, identity_id, since)
       SELECT browser, identity, now() FROM unnest($16::bytea[], $8::uuid[]) AS t (browser, identity)
     )
     INSERT INTO key_cards (id, identity_id, card_number, salt, kid, state, ordered_at)
     SELECT id, identity, number, salt, $14, 'active', now() - interval '1 year'
     FROM unnest($11::uuid[], $8::uuid[], $13::text[], $15::bytea[]) AS t (id, identity, number, salt)`,
    [
      column('id'),
      column('name'),
      column('pid'),
      column('cprSealed'),
      column('cprLookup'),
      column('address'),
      column('email'),
      column('identityId'),
      column('idNumber'),
      column('userId'),
      column('cardId'),
      passwordHash,
      column('cardNumber'),
      keyring.currentKid('cards'),
      column('salt'),
      column('browser'),
    ],
  );
}

function userIdOf(serial: number): string {
  return `bench-${serial}`;
}

/** Content of the cookie of a known browser. */
function browserOf(userId: string): string {
  return createHash('sha256').update(`browser of ${userId}`).digest('base64url');
}

/** Takes people in rotation, evenly spread; no one so often that a new card is ordered. */
export class BenchPeople {
  readonly #list: readonly BenchPerson[];
  #next = 0;

  private constructor(list: readonly BenchPerson[]) {
    this.#list = list;
  }

  /**
   * @param many how many of the seeded people take part, evenly spread. @param after how many of the first
   *   are left out
   */
  static async load(
    { database, keyring }: { database: pg.Pool; keyring: Keyring },
    { of, many, after = 0 }: { of: number; many: number; after?: number },
  ): Promise<BenchPeople> {
    const step = Math.max(1, Math.floor(of / many));
    const userIds = Array.from({ length: Math.min(of, many) }, (_, i) => userIdOf(1 + after + i * step));
    const { rows } = await database.query<Omit<SeededRow, 'serial'> & { userId: string }>(
      `SELECT i.id AS "identityId", i.user_id AS "userId", c.id AS "cardId", c.salt
       FROM identities i JOIN key_cards c ON c.identity_id = i.id WHERE i.user_id = ANY($1)`,
      [userIds],
    );
    return new BenchPeople(rows.map((row, index) => asPerson(keyring, row, index)));
  }

  /** @throws when all have used up their cards: seed more */
  take(): BenchPerson {
    const turn = Math.floor(this.#next / this.#list.length);
    const person = this.#list[this.#next++ % this.#list.length];
    if (!person || turn >= KEYS_BEFORE_RENEWAL) throw new Error('no one has keys left for the bench');
    return person;
  }
}

function asPerson(
  keyring: Keyring,
  row: Omit<SeededRow, 'serial'> & { userId: string },
  index: number,
): BenchPerson {
  let keys: ReadonlyMap<string, string> | null = null;
  return {
    userId: row.userId,
    browser: browserOf(row.userId),
    address: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
    keys: () => {
      if (keys) return keys;
      const secret = keyring.hmac('cards', composeCardSecretInput(row.identityId, row.cardId, row.salt));
      const contents = deriveCardContents(secret);
      keys = new Map(contents.keyNumbers.map((number, i) => [number, contents.keys[i] ?? '']));
      return keys;
    },
  };
}

export interface BenchRelyingParty {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

/** Registers a trusted public site, which also gets a refresh token where the request asks for one. */
export async function registerRelyingParty({
  database,
  keyring,
}: {
  database: pg.Pool;
  keyring: Keyring;
}): Promise<BenchRelyingParty> {
  const clientId = 'bench-site';
  const clientSecret = randomBytes(24).toString('base64url');
  const rp = relyingPartySchema.parse({
    client_id: clientId,
    client_secret: hashClientSecret(keyring, clientSecret),
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: ['https://site.bench.example/cb'],
    scope: 'openid profile ssn nemid.pid offline_access',
    sector_identifier_uri: 'https://site.bench.example/sector',
    kind: 'public',
    trusted: true,
    name_da: 'Prøvekommunen',
    name_en: 'The test municipality',
  });
  await database.query('INSERT INTO relying_parties (client_id, kind, metadata) VALUES ($1, $2, $3)', [
    rp.client_id,
    rp.kind,
    JSON.stringify(rp),
  ]);
  return { clientId, clientSecret, redirectUri: rp.redirect_uris[0] ?? '' };
}
