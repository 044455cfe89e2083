/**
 * The arguments of each operator command that leaves an event, and what its event records in addition to the
 * actor.
 */
import path from 'node:path';
import { rm } from 'node:fs/promises';
import { expect } from '@jest/globals';
import { SinkWatch } from '../../src/features/auditLog/sinkWatch.ts';
import { AuditSigner } from '../../src/platform/auditSigner.ts';
import { openFolderAuditSink } from '../../src/platform/outbound/folderAuditSink.ts';
import type { KeyringFile } from '../../src/platform/keyring.ts';
import type { Nodes } from './nodes.ts';

/** Writes a file with this content; returns its path. */
export type MakeFile = (name: string, content: unknown) => Promise<string>;

export interface CommandRun {
  /** The arguments after the name. */
  readonly args: (nodes: Nodes, file: MakeFile) => Promise<readonly string[]>;
  /** Part of the event, or of the last of several. */
  readonly about: object;
  /** How many events it leaves; one by default. */
  readonly events?: number;
}

const A_TEXT: unknown = expect.any(String);

const REGISTER = `cpr,given_names,family_name,address,postcode,city,passport,driving_licence,email,protected,status
610785-4386,Anna,Andersen,"Østergade 12, 2. tv.",8900,Randers C,207100001,31000001,anna@example.dk,no,active
`;

const RP = {
  client_id: 'skat',
  kind: 'public',
  name_da: 'Skat',
  name_en: 'The tax office',
  redirect_uris: ['https://skat.example/cb'],
  token_endpoint_auth_method: 'client_secret_basic',
  scope: 'openid profile',
  sector_identifier_uri: 'https://skat.example/sector',
  trusted: true,
};

/** An entry of a file of first operators. */
export const anOperator = (cpr: string, givenName: string, idNumber: string) => ({
  cpr,
  givenName,
  familyName: 'Opstart',
  idKind: 'passport',
  idNumber,
  idExpires: '2031-11-24',
  valid: 'yes',
  theirs: 'yes',
  understands: 'yes',
  alone: 'yes',
  terms: 'yes',
  publicSites: 'yes',
  street: 'Prøvegade 1',
  postcode: '8900',
  city: 'Randers C',
});

async function setAside(nodes: Nodes): Promise<string> {
  const [row] = await nodes.database.query<{ id: string }>(
    `UPDATE letters SET state = 'set_aside', fault = 'no_address' WHERE id = (SELECT id FROM letters LIMIT 1) RETURNING id`,
  );
  if (!row) throw new Error('there is no letter to set aside');
  return row.id;
}

async function abandonLogout(nodes: Nodes): Promise<string> {
  const [row] = await nodes.database.query<{ id: string }>(
    `INSERT INTO logouts (identity_id, client_id, state, fault) SELECT id, 'gone', 'given_up', 'it answered 500'
     FROM identities LIMIT 1 RETURNING id`,
  );
  if (!row) throw new Error('there is no identity');
  return row.id;
}

function withAnotherKey({ keyringFile }: Nodes): KeyringFile {
  const { seal, clientSecrets } = keyringFile;
  const k2 = Buffer.alloc(32, 9).toString('base64url');
  return {
    ...keyringFile,
    seal: { current: 'k2', keys: { ...seal.keys, k2 } },
    clientSecrets: { ...clientSecrets, keys: { ...clientSecrets.keys, k2 } },
  };
}

/** In an order in which each command finds what it needs. */
export const HOW_TO_RUN: Readonly<Record<string, CommandRun>> = {
  migrate: { args: async () => [], about: { ran: [] } },
  'database settings': { args: async () => [], about: { role: A_TEXT, settings: { jit: 'off' } } },
  'notice set': {
    args: async () => ['--da', 'Breve er forsinkede.', '--en', 'Letters are late.'],
    about: { texts: { da: 'Breve er forsinkede.', en: 'Letters are late.' }, until: null },
  },
  'notice clear': { args: async () => [], about: { cleared: true } },
  bootstrap: {
    args: async (_, file) => [
      await file('two.json', [
        anOperator('6107850019', 'Ea', '206000011'),
        anOperator('6107850027', 'Bo', '206000012'),
      ]),
    ],
    about: { operators: [A_TEXT, A_TEXT] },
    events: 3,
  },
  letters: { args: async () => [], about: {} },
  'bind-rows': { args: async () => [], about: { onlyLook: false } },
  'letters retry': {
    args: async (nodes) => [await setAside(nodes)],
    about: { letterId: A_TEXT },
  },
  'logouts retry': {
    args: async (nodes) => [await abandonLogout(nodes)],
    about: { logoutId: A_TEXT },
  },
  'staff list': { args: async () => [], about: {} },
  'person block': {
    args: async (nodes) => {
      const [row] = await nodes.database.query<{ id: string }>(
        `SELECT id_number AS id FROM identities ORDER BY id_number LIMIT 1`,
      );
      return [row?.id ?? '', '--reason', 'Kortet er stjålet'];
    },
    about: { identityId: A_TEXT, reason: 'Kortet er stjålet', outcome: 'done' },
  },
  'connections end': {
    args: async (nodes) => {
      const statement = { name: 'own pid', text: 'SELECT pg_backend_pid() AS pid' };
      const [row] = (await nodes.context.database.query<{ pid: number }>(statement)).rows;
      return [String(row?.pid)];
    },
    about: { pid: expect.any(Number), step: 'ended' },
    events: 2,
  },
  // A sink of another database, from before its first segment.
  'drill restore': {
    args: async (nodes, file) => {
      const report = await file('drill.txt', {});
      await rm(report);
      const folder = path.dirname(report);
      const sink = openFolderAuditSink(folder);
      const signer = new AuditSigner(nodes.context.keyring, nodes.issuer);
      const place = { system: '1', database: '1', timeline: '00000001', started: '1' };
      await new SinkWatch({ ...nodes.context, signer, sink }).startSink(place);
      return ['--from', folder, '--lost-at', nodes.clock.now().toISOString(), '--report', report];
    },
    // Nothing has been streamed: no card is believed.
    about: { step: 'replayed', isCovered: false },
  },
  'after-restore': {
    args: async () => ['--without-sink'],
    about: { step: 'done' },
    events: 2,
  },
  'proofing lower': { args: async () => [], about: { step: 'done', done: expect.any(Number) }, events: 2 },
  'replace-cards': {
    args: async () => ['--day', '2020-01-02'],
    about: { kind: 'day', day: '2020-01-02', step: 'done', total: 0, done: 0, left: 0 },
    events: 2,
  },
  // Only in the sandbox.
  issue: {
    args: async (_, file) => [await file('one.json', anOperator('6107850035', 'Ida', '206000013'))],
    about: { identityId: A_TEXT },
  },
  'relying-party add': { args: async (_, file) => [await file('rp.json', RP)], about: { clientId: 'skat' } },
  'relying-party update': {
    args: async (_, file) => ['skat', await file('rp2.json', { ...RP, name_en: 'Tax' })],
    about: { clientId: 'skat' },
  },
  'relying-party rotate-secret': { args: async () => ['skat'], about: { clientId: 'skat' } },
  'relying-party approve': {
    args: async (nodes) => {
      await nodes.database.query(`UPDATE relying_parties SET state = 'pending' WHERE client_id = 'skat'`);
      const [row] = await nodes.database.query<{ version: number }>(
        `SELECT version FROM relying_parties WHERE client_id = 'skat'`,
      );
      return ['skat', '--version', String(row?.version)];
    },
    about: { clientId: 'skat' },
  },
  'relying-party remove': { args: async () => ['skat'], about: { clientId: 'skat' } },
  'initial-access-token create': {
    args: async () => ['--kind', 'bank'],
    about: { policy: { kind: 'bank' } },
  },
  'register import': {
    args: async (_, file) => [await file('register.csv', REGISTER)],
    about: { file: 'register.csv', step: 'done', rows: 1 },
    events: 2,
  },
  'tokens import': {
    args: async (_, file) => [
      await file('tokens.csv', `serial,kind,seed,digits\nNT-9001,totp,${'9f'.repeat(20)},6\n`),
    ],
    about: { file: 'tokens.csv', imported: 1 },
  },
  'keys rotate': { args: async () => ['--now'], about: { now: true } },
  'keys withdraw': {
    args: async (nodes) => {
      const [row] = await nodes.database.query<{ kid: string }>(
        `SELECT kid FROM signing_keys WHERE state = 'retired' LIMIT 1`,
      );
      return [row?.kid ?? 'none'];
    },
    about: { kid: A_TEXT },
  },
  // These change the file of the command; the nodes of the suite have the rings of before.
  'keys reseal': {
    args: async (nodes, file) => {
      await file('keys.json', withAnotherKey(nodes));
      return [];
    },
    about: { ring: 'seal', kid: 'k2', step: 'done', left: 0 },
    events: 2,
  },
  'keys retire': {
    args: async (nodes, file) => ['k1', await file('keys.json', withAnotherKey(nodes))],
    about: { ring: 'seal', kid: 'k1' },
  },
  'keys remove': {
    args: async (nodes, file) => ['clientSecrets', 'k2', await file('keys.json', withAnotherKey(nodes))],
    about: { ring: 'clientSecrets', kid: 'k2' },
  },
  'audit export': { args: async () => [], about: { from: '0', to: null, proofs: false } },
  // After what reads the MACs of rows: this one loses its own.
  'audit erase': {
    args: async (nodes) => {
      const [row] = await nodes.database.query<{ id: string }>(
        `UPDATE identities SET closed_at = now() WHERE id = (SELECT id FROM identities ORDER BY id_number LIMIT 1)
         RETURNING id_number AS id`,
      );
      return [row?.id ?? ''];
    },
    about: { identityId: A_TEXT, outcome: 'proposed' },
  },
  // Only in a rehearsal, which this database can only become by force. The last: it stays one.
  'letters write': {
    args: async (nodes, file) => {
      await nodes.database.query(`ALTER TABLE installation DISABLE TRIGGER installation_rehearsal`);
      await nodes.database.query(`UPDATE installation SET rehearsal_since = now()`);
      await nodes.database.query(`ALTER TABLE installation ENABLE TRIGGER installation_rehearsal`);
      return [path.join(path.dirname(await file('none.json', {})), 'written')];
    },
    about: { folder: 'written' },
  },
};
