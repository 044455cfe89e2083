/**
 * The proxies that the docs ship, in front of two nodes as processes: a slow database takes no node out, one
 * that is away is answered by Nøgle's own page, and a node that is killed or stopped fails no request.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  freePort,
  Nodes,
  postEnv,
  request,
  RunningNoegle,
  signInAtNode,
  TestBrowser,
  type TestPerson,
  type TestRelyingParty,
} from '../support/index.ts';
import { da } from '../../src/ui/words/words.da.ts';
import { en } from '../../src/ui/words/words.en.ts';
import { CutProxy } from '../support/cutProxy.ts';
import { findProgram, HOTLINE, PROXIES, startProxy, type RunningProxy } from '../support/proxyExamples.ts';

/** What a statement may take before the database counts as unavailable; a new connection is four of them. */
const TIMEOUT_MS = 3_000;
const SLOW_MS = 600;
const AWAY_MS = 4_000;
/** Longer than a check of before waits with its interval, shorter than one does now. */
const PAUSE_MS = 1_300;
/** The longest time in which a proxy notices that a node is gone. */
const NOTICED_MS = 4_000;

const present = PROXIES.filter((name) => findProgram(name) !== null);
for (const name of PROXIES.filter((one) => !present.includes(one)))
  console.info(`skipped: ${name} is not installed (Debian: apt-get install ${name})`);

/** The line that shipped before: one late answer takes a node out. */
const asBefore = (text: string) =>
  text.replace('timeout check 2s\n', '\n').replace(/check inter 1s .* fall 3/, 'check inter 500ms fall 1');

const describeIf = present.length > 0 ? describe : describe.skip;

describeIf('proxies', () => {
  let nodes: Nodes;
  let database: CutProxy;
  let folder: string;
  let people: TestPerson[];
  let rp: TestRelyingParty;
  let nodePorts: readonly [number, number];
  let start: (index: number) => RunningNoegle;
  const running: RunningNoegle[] = [];
  const processes: RunningNoegle[] = [];
  const proxies = new Map<string, RunningProxy>();
  let before: RunningProxy | null = null;

  beforeAll(async () => {
    const issuer = `http://localhost:${await freePort()}`;
    nodes = await Nodes.start({ issuer });
    rp = await aRelyingParty(nodes);
    people = await Promise.all(present.map(() => aPerson(nodes)));
    database = await CutProxy.toDatabase();
    folder = await mkdtemp(path.resolve('.tmp/proxies-'));
    const keys = path.join(folder, 'keys.json');
    await writeFile(keys, JSON.stringify(nodes.keyringFile));
    const post = await postEnv(folder);
    nodePorts = [await freePort(), await freePort()];
    start = (index) => {
      const one = new RunningNoegle({
        NODE_ENV: 'production',
        PORT: String(nodePorts[index]),
        NOEGLE_HOST: '127.0.0.1',
        DATABASE_URL: database.url(nodes.database.appUrl),
        NOEGLE_DIRECT_DATABASE_URL: database.url(nodes.database.queueUrl),
        NOEGLE_DATABASE_TIMEOUT_MS: String(TIMEOUT_MS),
        NOEGLE_ISSUER: issuer,
        NOEGLE_KEYS_FILE: keys,
        ...post,
        NOEGLE_PROXY_HOPS: '1',
        NOEGLE_LEAVE_SECONDS: '4',
      });
      running.push(one);
      return one;
    };
    processes.push(start(0), start(1));
    await Promise.all(processes.map((one) => one.ready()));
    for (const name of present) proxies.set(name, await startProxy(name, { folder, nodePorts }));
    if (proxies.has('haproxy')) before = await startProxy('haproxy', { folder, nodePorts, change: asBefore });
  });
  afterAll(async () => {
    database.delayAnswers(0);
    for (const one of [...proxies.values(), ...(before ? [before] : [])]) await one.stop();
    for (const one of running) if (!one.isGone()) await one.kill9();
    await database.close();
    await rm(folder, { recursive: true, force: true });
    await nodes.close();
  });

  const site = ({ port }: RunningProxy) => ({
    issuer: nodes.issuer,
    secrets: nodes.secrets,
    node: () => ({ port, issuer: nodes.issuer }),
  });
  /** Through every proxy, one request after the other. @returns what did not answer 200 */
  const keepAsking = async (ms: number): Promise<string[]> => {
    const failures: string[] = [];
    const end = performance.now() + ms;
    const askOne = async (name: string, { port }: RunningProxy) => {
      while (performance.now() < end) {
        const failure = await request({ port, issuer: nodes.issuer })
          .get(authRequest(rp).path)
          .then(
            ({ status, text }) => (status === 200 ? null : `${status} ${text.slice(0, 80)}`),
            (error: Error) => error.message,
          );
        if (failure !== null) failures.push(`${name}: ${failure}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await Promise.all([...proxies].map(([name, one]) => askOne(name, one)));
    return failures;
  };
  const until = async (what: string, isSo: () => boolean | Promise<boolean>) => {
    const end = performance.now() + 20_000;
    while (!(await isSo())) {
      if (performance.now() > end) throw new Error(`not within 20 s: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const haproxyLog = () => proxies.get('haproxy')?.log() ?? '';
  const countIn = (log: string, what: RegExp) => log.match(new RegExp(what, 'g'))?.length ?? 0;
  /** Both nodes are in, as HAProxy sees it. */
  const areBothIn = async () => {
    if (!proxies.has('haproxy')) return;
    const downs = countIn(haproxyLog(), /Server ready\/node\d is DOWN/);
    await until('both nodes are in', () => countIn(haproxyLog(), /Server ready\/node\d is UP/) >= downs);
  };

  test('a slow database takes no node out, and people sign in, slowly', async () => {
    expect(await keepAsking(300)).toEqual([]);
    database.delayAnswers(SLOW_MS);
    const codes = await Promise.all(
      [...proxies.values()].map(async (one, i) => {
        const browser = new TestBrowser(site(one));
        return (await signInAtNode(browser, people[i] as TestPerson, authRequest(rp))).has('code');
      }),
    ).finally(() => database.delayAnswers(0));
    expect(codes).toEqual(present.map(() => true));
    for (const [name, one] of proxies)
      expect([name, one.log()]).toEqual([name, expect.not.stringMatching(/is DOWN|disabled/)]);
  });

  test('the health of the nodes is for the proxies alone, however it is spelled', async () => {
    for (const [name, { port }] of proxies)
      for (const spelled of ['/health/ready', '/health/live', '/%68ealth/ready', '/x/../health/live']) {
        const { status } = await request({ port, issuer: nodes.issuer }).get(spelled);
        expect([name, spelled, status]).toEqual([name, spelled, 404]);
      }
    // Control: a node answers.
    expect((await fetch(`http://127.0.0.1:${nodePorts[0]}/health/live`)).status).toBe(200);
  });

  test('nodes that answer a check a second late stay in; control: the line of before takes them out', async () => {
    for (const one of processes) one.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    for (const one of processes) one.signal('SIGCONT');
    if (before) await until('the line of before takes a node out', () => /is DOWN/.test(before?.log() ?? ''));
    for (const [name, one] of proxies)
      expect([name, one.log()]).toEqual([name, expect.not.stringMatching(/is DOWN|disabled/)]);
    expect(await keepAsking(300)).toEqual([]);
  });

  test('while the database is away people read the page of Nøgle, not of the proxy, and then go on', async () => {
    database.delayAnswers(AWAY_MS);
    const isNoticed = () => !proxies.has('haproxy') || /backend ready has no server/.test(haproxyLog());
    const browsers = [...proxies].map(async ([name, one]): Promise<[string, string[]]> => {
      const pages: string[] = [];
      // One more page than before: the one that is asked for when no node is ready.
      for (let more = 1; more >= 0; more -= isNoticed() ? 1 : 0) {
        const page = await new TestBrowser(site(one)).follow('/self-service');
        pages.push(
          `${page.status} ${page.page} ${page.headers['retry-after'] === undefined ? '-' : 'retry'}`,
        );
        if (pages.length > 12) throw new Error(`not noticed: ${haproxyLog()}`);
      }
      return [name, [...new Set(pages)]];
    });
    const seen = await Promise.all(browsers).finally(() => database.delayAnswers(0));
    for (const [name, pages] of seen) expect([name, pages]).toEqual([name, ['503 trouble retry']]);
    if (proxies.has('haproxy'))
      expect(haproxyLog()).toMatch(/Server ready\/node\d is DOWN[^]*backend ready has no server available/);
    expect(haproxyLog()).not.toMatch(/Server alive\/node\d is DOWN|backend alive has no server/);
    await areBothIn();
    expect(await keepAsking(300)).toEqual([]);
  });

  test('a node that is killed fails no request, is left out, and is back when it is', async () => {
    const asking = keepAsking(NOTICED_MS);
    await processes[0]?.kill9();
    expect(await asking).toEqual([]);
    if (proxies.has('haproxy')) expect(haproxyLog()).toMatch(/Server ready\/node1 is DOWN, reason: Layer4/);
    processes[0] = start(0);
    await processes[0].ready();
    await areBothIn();
    expect(await keepAsking(1_000)).toEqual([]);
  });

  test('a node that is stopped fails no request', async () => {
    const asking = keepAsking(NOTICED_MS + 2_000);
    expect(await processes[1]?.terminate()).toBe(0);
    expect(await asking).toEqual([]);
  });

  test('when no node answers, people read so in two languages, with the number of the hotline', async () => {
    for (const one of running) if (!one.isGone()) await one.kill9();
    for (const round of ['while the checks still hold', 'once the nodes are out']) {
      for (const [name, { port }] of proxies)
        for (const method of ['GET', 'POST']) {
          const { status, headers, text } = await request({ port, issuer: nodes.issuer }).with(
            method,
            '/order',
          );
          expect([name, round, method, status, headers['content-type']]).toEqual([
            name,
            round,
            method,
            503,
            'text/html; charset=utf-8',
          ]);
          expect([headers['retry-after'], headers['cache-control']]).toEqual(['10', 'no-store']);
          expect(headers['strict-transport-security']).toMatch(/^max-age=\d+$/);
          for (const words of [da, en].map((language) => language.errorPages.unavailable.title))
            expect(text).toContain(words);
          expect(text).toContain(`${HOTLINE}</strong>`);
        }
      if (proxies.has('haproxy'))
        await until('HAProxy knows', () => /backend alive has no server/.test(haproxyLog()));
    }
  });

  test('outside there is TLS', async () => {
    for (const [name, { tlsPort }] of proxies) {
      const socket = connect({ port: tlsPort, host: '127.0.0.1', rejectUnauthorized: false });
      await new Promise<void>((resolve, reject) =>
        socket.once('secureConnect', resolve).once('error', reject),
      );
      expect([name, socket.getProtocol()]).toEqual([name, 'TLSv1.3']);
      socket.destroy();
    }
  });
});
