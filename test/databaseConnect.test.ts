/** The true cause when there is no connection to the database, and what to do about it; and TLS to it. */
import { chown, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { readDatabaseUrls } from '../src/config/databaseUrls.ts';
import { findAdvice } from '../src/db/connection/connectionAdvice.ts';
import { describeDatabaseError, requiresOperator } from '../src/db/connection/databaseErrors.ts';
import { openWorkerPool } from '../src/db/connection/workerPool.ts';
import { Database } from '../src/db/database.ts';
import { listPendingMigrations, migrateDatabase } from '../src/db/migrations.ts';
import { createTestDatabase, freePort, type TestDatabase, useFolder } from './support/index.ts';
import { selfSigned } from './support/selfSigned.ts';

let database: TestDatabase;
/** Over the loopback, by a name. */
let byName: URL;
beforeAll(async () => {
  database = await createTestDatabase();
  byName = new URL(database.url);
  byName.searchParams.delete('host');
  byName.hostname = 'localhost';
});
afterAll(async () => await database.drop());

const SSL_REQUEST = 80_877_103;

/** The way to the server for connections that begin with a request for TLS; others are cut. */
async function startTlsOnly(to: URL): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Set<Socket>();
  const way = createServer((client) => {
    open.add(client.on('error', () => undefined));
    client.once('data', (chunk: Buffer) => {
      if (chunk.length !== 8 || chunk.readInt32BE(4) !== SSL_REQUEST) return void client.destroy();
      const upstream = connect(Number(to.port), '127.0.0.1').on('error', () => client.destroy());
      upstream.write(chunk);
      client.pipe(upstream).pipe(client);
    });
  });
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
  return {
    port: (way.address() as AddressInfo).port,
    close: async () => {
      for (const client of open) client.destroy();
      await new Promise<void>((resolve) => way.close(() => resolve()));
    },
  };
}

/** What an operator reads, and whether a start waits. */
async function fail(url: URL | string): Promise<string> {
  return await listPendingMigrations(String(url)).then(
    () => 'connected',
    (error: unknown) => `${requiresOperator(error) ? 'ends' : 'waits'}: ${describeDatabaseError(error)}`,
  );
}

const change = (set: (url: URL) => void): URL => {
  const url = new URL(byName);
  set(url);
  return url;
};

test('each cause is named, with its mend; those that waiting does not cure end a start', async () => {
  const port = await freePort();
  const causes: Record<string, [URL, RegExp]> = {
    password: [change((url) => (url.password = 'wrong')), /^ends: .*authentication failed.*percent-encoded/],
    user: [
      change((url) => (url.username = 'nobody')),
      /^ends: .*(authentication failed|does not exist).*user/i,
    ],
    database: [
      change((url) => (url.pathname = '/none')),
      /^ends: .*"none" does not exist\. Create the database/,
    ],
    port: [change((url) => (url.port = String(port))), /^waits: .*ECONNREFUSED.*Nothing listens there/],
    host: [
      change((url) => (url.hostname = 'there-is-none.invalid')),
      /^waits: .*(ENOTFOUND|EAI_AGAIN).*the DNS/,
    ],
    tls: [change((url) => (url.search = '?sslmode=require')), /^ends: .*does not support SSL.*ssl = on/],
  };
  for (const [name, [url, words]] of Object.entries(causes))
    expect([name, await fail(url)]).toEqual([name, expect.stringMatching(words)]);
});

test('the words of a server that refuses an address, and of poolers, have a mend', () => {
  const refusals: Record<string, string> = {
    'no pg_hba.conf entry for host "10.0.0.5", user "noegle", database "noegle", no encryption': '28000',
    'unsupported startup parameter: statement_timeout': '08P01',
    'no such database: noegle': '08P01',
    'transaction blocks not allowed in statement pooling mode': '08P01',
    'SSL required': '08P01',
    'self-signed certificate in certificate chain': 'SELF_SIGNED_CERT_IN_CHAIN',
    'certificate has expired': 'CERT_HAS_EXPIRED',
    'permission denied for database "noegle"': '42501',
  };
  const mends = Object.entries(refusals).map(([message, code]) => findAdvice({ message, code }));
  expect(mends.map((one) => one?.lasts)).toEqual(mends.map(() => true));
  expect(new Set(mends.map((one) => one?.mend)).size).toBe(mends.length);
  expect(findAdvice({ message: 'query_wait_timeout', code: '08P01' })?.lasts).toBe(false);
  expect(findAdvice({ message: 'syntax error', code: '42601' })).toBeNull();
});

test('TLS files and modes are checked with the settings', () => {
  const faults: string[] = [];
  const DATABASE_URL = `${byName.href}?sslmode=verify_full&sslrootcert=/there/is/none.pem`;
  readDatabaseUrls({ DATABASE_URL }, faults);
  expect(faults).toEqual([
    'DATABASE_URL: sslmode must be one of disable, prefer, require, verify-ca, verify-full, no-verify',
    expect.stringMatching(/^DATABASE_URL: sslrootcert: ENOENT.*none\.pem/),
  ]);
});

test('a pooler is in transaction mode, has a way past it for the worker, and room for two connections', () => {
  const read = (env: Record<string, string>) => {
    const faults: string[] = [];
    const { pooler } = readDatabaseUrls({ DATABASE_URL: byName.href, ...env }, faults);
    return [pooler, ...faults];
  };
  const direct = { NOEGLE_DIRECT_DATABASE_URL: byName.href };
  expect(read({ NOEGLE_POOLER: '' })).toEqual([null]);
  expect(read({ NOEGLE_POOLER: 'transaction', ...direct })).toEqual(['transaction']);
  expect(read({ NOEGLE_POOLER: 'session', ...direct })).toEqual([
    null,
    expect.stringMatching(/^NOEGLE_POOLER must be transaction/),
  ]);
  expect(read({ NOEGLE_POOLER: 'transaction', NOEGLE_DATABASE_POOL: '1' })).toEqual([
    'transaction',
    expect.stringMatching(/^NOEGLE_POOLER needs NOEGLE_DIRECT_DATABASE_URL: the worker listens/),
    expect.stringMatching(/^NOEGLE_DATABASE_POOL must be 2 or more/),
  ]);
});

describe('TLS, with a certificate that only its owner knows', () => {
  const folder = useFolder('tls');
  const ca = path.join(folder, 'ca.pem');
  const verified = () => change((url) => (url.search = `?sslmode=verify-full&sslrootcert=${ca}`)).href;
  let server: pg.Client;
  let files: string[];

  /** Turns TLS on or off in the running server: connections that are open stay as they are. */
  async function setTls(value: 'on' | 'off', name = 'localhost'): Promise<void> {
    const { rows } = await server.query<{ data_directory: string }>('SHOW data_directory');
    const data = rows[0]?.data_directory ?? '';
    files = ['noegle-test.crt', 'noegle-test.key'].map((file) => path.join(data, file));
    const { key, cert } = selfSigned(name);
    const { uid, gid } = await stat(data);
    for (const [i, text] of [cert, key].entries()) {
      await writeFile(files[i] ?? '', text, { mode: 0o600 });
      await chown(files[i] ?? '', uid, gid);
    }
    await writeFile(ca, cert);
    await server.query(`ALTER SYSTEM SET ssl_cert_file = 'noegle-test.crt'`);
    await server.query(`ALTER SYSTEM SET ssl_key_file = 'noegle-test.key'`);
    await server.query(`ALTER SYSTEM SET ssl = ${value}`);
    await server.query('SELECT pg_reload_conf()');
    const end = performance.now() + 10_000;
    const wanted = change((url) => (url.search = '?sslmode=no-verify'));
    while (((await fail(wanted)) === 'connected') !== (value === 'on')) {
      if (performance.now() > end) throw new Error(`TLS is not ${value}: ${await fail(wanted)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  beforeAll(async () => {
    server = new pg.Client(process.env['NOEGLE_TEST_SERVER']);
    await server.connect();
    await setTls('on');
  });
  afterAll(async () => {
    for (const name of ['ssl', 'ssl_cert_file', 'ssl_key_file'])
      await server.query(`ALTER SYSTEM RESET ${name}`);
    await server.query('SELECT pg_reload_conf()');
    await server.end();
    for (const file of files) await rm(file, { force: true });
  });

  test('is refused without the authority, with the mend, and works with it', async () => {
    for (const mode of ['require', 'verify-full']) {
      const url = change((one) => (one.search = `?sslmode=${mode}`));
      expect(await fail(url)).toMatch(
        /^ends: there is no TLS connection.*self-signed certificate.*sslrootcert=/,
      );
    }
    expect(await fail(verified())).toBe('connected');
  });

  test('is that of every connection: the node’s, the worker’s, the migrations’', async () => {
    const way = await startTlsOnly(byName);
    const url = Object.assign(new URL(verified()), { port: String(way.port) }).href;
    const node = new Database(url, { poolSize: 2, timeoutMs: 5_000, onLost: () => undefined });
    await node.assertConnectionSettings();
    await node.close();
    const worker = openWorkerPool(url, () => undefined);
    await worker.query('SELECT 1');
    await worker.end();
    const { username, password } = new URL(database.ownerUrl);
    expect(await migrateDatabase(Object.assign(new URL(url), { username, password }).href)).toEqual([]);
    // Control: a connection without TLS does not come about there.
    const plain = Object.assign(new URL(url), { search: '' });
    expect(await fail(plain)).toMatch(/^waits: .*(ECONNRESET|terminated)/);
    await way.close();
  });

  test('is refused when the certificate has another name', async () => {
    await setTls('on', 'db.example');
    expect(await fail(verified())).toMatch(
      /^ends: there is no TLS connection.*Host: localhost.*Use a host name/,
    );
  });
});
