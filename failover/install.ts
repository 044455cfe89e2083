/**
 * Two nodes as in production on a database that fails over, people with cards, a relying party, a print house
 * and a mailbox.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { DATABASE_TIMEOUT_MS } from '../src/config/config.ts';
import { hashClientSecret } from '../src/domain/relyingParty/clientSecrets.ts';
import { relyingPartySchema } from '../src/domain/relyingParty/relyingParty.ts';
import { DEFAULT_RULES } from '../src/domain/rules.ts';
import { BackgroundTasks } from '../src/platform/background.ts';
import { realClock } from '../src/platform/clock.ts';
import { realRandom } from '../src/platform/random.ts';
import { Keyring } from '../src/platform/keyring.ts';
import { createLog } from '../src/platform/log.ts';
import { NO_BREACHED_PASSWORDS } from '../src/platform/breachedPasswords.ts';
import { PasswordHasher } from '../src/platform/hashing/passwordHasher.ts';
import { seedPerson } from '../src/sandbox/seedPerson.ts';
import { Database } from '../src/db/database.ts';
import { migrateDatabase } from '../src/db/migrations.ts';
import { saveRelyingParty } from '../src/db/oidc/relyingParties.ts';
import type { AppContext } from '../src/features/appContext.ts';
import { readCard } from '../src/features/identity/readCard.ts';
import { findBenchPort } from '../bench/install.ts';
import type { PrintHouseServer } from '../test/support/printHouseServer.ts';

const HOTLINE = '70 10 20 30';
const READY_MS = 60_000;

export interface FailoverPerson {
  readonly identityId: string;
  readonly cardId: string;
  readonly userId: string;
  readonly password: string;
  readonly address: string;
  readonly keys: ReadonlyMap<string, string>;
  /** Key number -> its position on the card. */
  readonly positions: ReadonlyMap<string, number>;
}

export interface FailoverRelyingParty {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly scope: string;
}

export interface FailoverNode {
  readonly port: number;
  /** @returns null while it runs */
  readonly endedWith: () => string | null;
  readonly end: () => Promise<void>;
}

export interface Installation {
  readonly issuer: string;
  readonly party: FailoverRelyingParty;
  /** People who have most of their keys. */
  readonly people: readonly FailoverPerson[];
  /** People whose next sign-in orders a card. */
  readonly renewing: readonly FailoverPerson[];
  readonly nodes: readonly FailoverNode[];
}

export interface FailoverServers {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly printHouse: PrintHouseServer;
  readonly mailPort: number;
  /** The origin where the relying party receives log-out tokens. */
  readonly logoutOrigin: string;
  readonly many: { readonly people: number; readonly renewing: number };
}

export async function installForFailover(servers: FailoverServers): Promise<Installation> {
  const { databaseUrl, folder } = servers;
  await migrateDatabase(databaseUrl);
  const keyringFile = Keyring.generate();
  const ports = [await findBenchPort(), await findBenchPort()];
  const issuer = 'https://id.failover.example';
  const seeded = await seedForFailover(new Keyring(keyringFile), servers);
  const env = {
    ...(await productionEnv(servers, issuer, keyringFile)),
    // One role does everything here: what is measured is the same.
    NOEGLE_ALLOW_OWNER: 'yes',
    DATABASE_URL: databaseUrl,
  };
  const nodes = await Promise.all(
    ports.map((port) => startNode(folder, { ...env, PORT: String(port) }, port)),
  );
  return { issuer, ...seeded, nodes };
}

/** The people, their cards and the relying party, in a database that was migrated. */
export async function seedForFailover(
  keyring: Keyring,
  { databaseUrl, logoutOrigin, many }: Pick<FailoverServers, 'databaseUrl' | 'logoutOrigin' | 'many'>,
): Promise<Pick<Installation, 'party' | 'people' | 'renewing'>> {
  const database = new Database(databaseUrl, {
    poolSize: 4,
    timeoutMs: DATABASE_TIMEOUT_MS,
    onLost: () => undefined,
  });
  const hasher = new PasswordHasher({ setting: DEFAULT_RULES.hashing });
  const context: AppContext = {
    database,
    keyring,
    hasher,
    breachedPasswords: NO_BREACHED_PASSWORDS,
    random: realRandom,
    clock: realClock,
    rules: DEFAULT_RULES,
    background: new BackgroundTasks(createLog('warn')),
    report: () => undefined,
  };

  const clientSecret = randomBytes(24).toString('base64url');
  const rp = relyingPartySchema.parse({
    client_id: 'failover-bank',
    client_secret: hashClientSecret(keyring, clientSecret),
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: ['https://rp.example/cb'],
    scope: 'openid profile',
    sector_identifier_uri: 'https://rp.example/sector',
    kind: 'public',
    trusted: true,
    name_da: 'Prøvekommunen',
    name_en: 'The test municipality',
    backchannel_logout_uri: `${logoutOrigin}/logout`,
    backchannel_logout_session_required: true,
  });
  await saveRelyingParty(database, rp);
  let serial = 0;
  const seed = async (keysSpent: number): Promise<FailoverPerson> => {
    serial += 1;
    const password = `Kodeord-${serial}-æøå`;
    const userId = `failover-${serial}`;
    const { identityId, card } = await seedPerson(context, {
      givenName: 'Anna',
      familyName: `Prøve ${'abcdefghij'.charAt(serial % 10)}`,
      birthdate: '1985-07-01',
      language: 'da',
      cpr: `6107${String(serial).padStart(6, '0')}`,
      userId,
      password,
      publicSites: true,
      proofing: 'Substantial',
      address: { street: `Prøvegade ${serial}`, postcode: '8900', city: 'Randers C' },
      email: `anna-${serial}@mail.example`,
      keysSpent,
    });
    const { keyNumbers, keys } = readCard(context, card);
    return {
      identityId,
      cardId: card.id,
      userId,
      password,
      address: `10.${serial >> 8}.${serial & 255}.7`,
      keys: new Map(keyNumbers.map((number, position) => [number, keys[position] ?? ''])),
      positions: new Map(keyNumbers.map((number, position) => [number, position])),
    };
  };
  const people: FailoverPerson[] = [];
  const renewing: FailoverPerson[] = [];
  while (people.length < many.people) people.push(await seed(0));
  while (renewing.length < many.renewing) renewing.push(await seed(127));
  await database.close();

  const { redirect_uris: redirectUris, scope } = rp;
  const party = { clientId: rp.client_id, clientSecret, redirectUri: redirectUris[0] ?? '', scope };
  return { party, people, renewing };
}

/** The settings of a node as in production, without those of its database and its port. */
export async function productionEnv(
  {
    folder,
    printHouse,
    mailPort,
    logoutOrigin,
  }: Pick<FailoverServers, 'folder' | 'printHouse' | 'mailPort' | 'logoutOrigin'>,
  issuer: string,
  keyringFile: object,
): Promise<Record<string, string>> {
  const file = async (name: string, content: object) => {
    const where = path.join(folder, name);
    await writeFile(where, JSON.stringify(content), { mode: 0o600 });
    return where;
  };
  return {
    NODE_ENV: 'production',
    NOEGLE_HOST: '127.0.0.1',
    NOEGLE_ISSUER: issuer,
    NOEGLE_HOTLINE: HOTLINE,
    NOEGLE_CONTACT_EMAIL: 'hjaelp@noegle.example',
    NOEGLE_OPERATOR_ADDRESS: 'Laksetorvet 1, 8900 Randers C',
    NOEGLE_OPERATOR_CVR: '12345678',
    NOEGLE_OPERATOR_NAME: 'Prøvekommunen',
    NOEGLE_KEYS_FILE: await file('keys.json', keyringFile),
    NOEGLE_PRINT_URL: printHouse.url,
    NOEGLE_PRINT_CARD_KEY_FILE: await file('cards.jwk', printHouse.cardJwk),
    NOEGLE_PRINT_PASSWORD_KEY_FILE: await file('passwords.jwk', printHouse.passwordJwk),
    NOEGLE_SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
    NOEGLE_MAIL_FROM: 'Nøgle <no-reply@noegle.example>',
    NOEGLE_PRIVATE_ORIGINS: logoutOrigin,
    NOEGLE_PROXY_HOPS: '1',
    NOEGLE_LEAVE_SECONDS: '0',
    MALLOC_ARENA_MAX: '2',
  };
}

async function startNode(folder: string, env: Record<string, string>, port: number): Promise<FailoverNode> {
  const log = openSync(path.join(folder, `node-${port}.log`), 'a');
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NOEGLE_|NODE_|DATABASE_URL$|PORT$)/.test(name),
  );
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-sigusr1', '--enable-source-maps', 'dist/main.js'],
    { env: { ...Object.fromEntries(inherited), ...env }, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  const startedAt = performance.now();
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    if (answer?.ok) break;
    if (isGone() || performance.now() - startedAt > READY_MS) {
      throw new Error(`a node does not get ready; its log is in ${folder}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    port,
    endedWith: () => (isGone() ? `exit ${child.exitCode ?? child.signalCode}` : null),
    end: async () => {
      if (isGone()) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await gone;
    },
  };
}
