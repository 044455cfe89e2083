/** The production command, twice behind a small proxy: nodes come and go, and no one notices. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  freePort,
  Nodes,
  postEnv,
  redeemCode,
  askReadiness,
  waitUntilReadiness,
  RunningNoegle,
  signInAtNode,
  type TestPerson,
  type TestRelyingParty,
} from '../support/index.ts';
import { SmallProxy } from '../support/smallProxy.ts';
import { startSmtpServer, type SmtpServer } from '../support/smtpServer.ts';

const SIGN_INS = 200;
const AT_ONCE = 8;

let nodes: Nodes;
let mail: SmtpServer;
let folder: string;
let proxy: SmallProxy;
let processes: RunningNoegle[] = [];
/** Also those that were stopped: their output counts. */
const everStarted: RunningNoegle[] = [];
let people: TestPerson[];
let rp: TestRelyingParty;
let start: (index: number, binding?: 'read' | 'write') => RunningNoegle;

beforeAll(async () => {
  const [proxyPort, ...ports] = [await freePort(), await freePort(), await freePort()];
  const issuer = `http://localhost:${proxyPort}`;
  nodes = await Nodes.start({ issuer });
  rp = await aRelyingParty(nodes);
  people = await Promise.all(Array.from({ length: 20 }, () => aPerson(nodes)));
  folder = await mkdtemp(path.resolve('.tmp/rolling-'));
  const keys = path.join(folder, 'keys.json');
  await writeFile(keys, JSON.stringify(nodes.keyringFile));
  mail = await startSmtpServer();
  const post = { ...(await postEnv(folder)), NOEGLE_SMTP_URL: mail.url };
  const rules = (binding: string) => path.join(folder, `${binding}.json`);
  for (const binding of ['read', 'write']) await writeFile(rules(binding), JSON.stringify({ binding }));
  start = (index, binding = 'read') => {
    const one = new RunningNoegle({
      NODE_ENV: 'production',
      PORT: String(ports[index]),
      NOEGLE_HOST: '127.0.0.1',
      DATABASE_URL: nodes.database.appUrl,
      NOEGLE_DIRECT_DATABASE_URL: nodes.database.queueUrl,
      NOEGLE_ISSUER: issuer,
      NOEGLE_KEYS_FILE: keys,
      NOEGLE_RULES_FILE: rules(binding),
      ...post,
      NOEGLE_PROXY_HOPS: '1',
      NOEGLE_LEAVE_SECONDS: '1',
    });
    everStarted.push(one);
    return one;
  };
  processes = [start(0), start(1)];
  await Promise.all(processes.map((one) => one.ready()));
  proxy = new SmallProxy(ports);
  await proxy.listen(proxyPort ?? 0);
  await proxy.takesTurns();
});
afterAll(async () => {
  // No process outlives the suite, even after a failure.
  for (const one of everStarted) {
    await one.terminate();
    nodes.keepLog(one.output);
  }
  await proxy.close();
  await rm(folder, { recursive: true, force: true });
  await mail.stop();
  await nodes.close();
});

/** All requests go through the proxy, as from outside. */
const outside = () => {
  const port = Number(new URL(nodes.issuer).port);
  return {
    issuer: nodes.issuer,
    secrets: nodes.secrets,
    database: nodes.database,
    node: () => ({ port, issuer: nodes.issuer }),
  };
};

test(`a rolling restart of both nodes during ${SIGN_INS} sign-ins and more fails none`, async () => {
  const site = outside();
  // Even fast ones continue until both nodes are back.
  const progress = { begun: 0, done: 0, restarted: false };
  const failures: string[] = [];
  const oneAfterTheOther = async (): Promise<void> => {
    while (progress.begun < SIGN_INS || !progress.restarted) {
      const person = people[progress.begun++ % people.length] as TestPerson;
      try {
        const login = authRequest(rp);
        const result = await signInAtNode(new TestBrowser(site), person, login);
        const tokens = await redeemCode(
          site as unknown as Nodes,
          rp,
          result.get('code') ?? '',
          login.verifier,
        );
        if (tokens.status !== 200) failures.push(`token endpoint: ${tokens.status} ${tokens.error}`);
      } catch (error) {
        failures.push(String(error));
      }
      progress.done += 1;
    }
  };
  const all = Promise.all(Array.from({ length: AT_ONCE }, oneAfterTheOther));

  const until = async (share: number) => {
    while (progress.done < SIGN_INS * share) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  for (const index of [0, 1]) {
    await until(0.2 + index * 0.35);
    expect(await processes[index]?.terminate()).toBe(0);
    // Row MACs and keyed password hashes are written from here on; the other node reads them.
    processes[index] = start(index, 'write');
    await processes[index].ready();
    await proxy.takesTurns();
  }
  progress.restarted = true;
  await all;
  expect(failures).toEqual([]);
  expect(progress.done).toBe(progress.begun);
  expect(proxy.served.every((many) => many > SIGN_INS)).toBe(true);
  expect(everStarted).toHaveLength(4);
  for (const { output } of everStarted) expect(output).not.toMatch(/"level":"(warn|error)"/);
  const [keyed] = await nodes.database.query<{ many: number }>(
    `SELECT count(*)::int AS many FROM identities WHERE password_hash LIKE 'keyed:%' AND mac IS NOT NULL`,
  );
  expect(keyed?.many).toBeGreaterThan(0);
});

test('health is asked by address; what a node writes is JSON, one line a request', async () => {
  const port = Number(new URL(nodes.issuer).port);
  expect((await askReadiness({ port })).status).toBe(200);
  await nodes.database.query(`DELETE FROM signing_keys WHERE alg = 'RS256'`);
  expect((await waitUntilReadiness({ port }, 503)).checks['schema']).toBe('incomplete');
  const lines = everStarted.flatMap(({ output }) => output.trim().split('\n'));
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
});
