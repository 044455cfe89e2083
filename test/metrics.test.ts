/** Metrics: on a port of their own, true, bounded, and there when the database is not. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readConfig } from '../src/config/config.ts';
import { findRouteGroup } from '../src/http/metrics.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  keyFor,
  Nodes,
  useFolder,
  redeemCode,
  request,
  signInAtNode,
  TestBrowser,
  toKeyPage,
  waitUntil,
  type TestPerson,
  type TestRelyingParty,
} from './support/index.ts';
import { CutProxy } from './support/cutProxy.ts';
import {
  ALERTS_FILE,
  DASHBOARD_FILE,
  listMetricNames,
  readAlertRules,
  ScrapedNode,
} from './support/scrape.ts';

let proxy: CutProxy;
const sink = useFolder('metrics-sink');
let nodes: Nodes;
let scraped: ScrapedNode;
let person: TestPerson;
let bank: TestRelyingParty;
beforeAll(async () => {
  proxy = await CutProxy.toDatabase();
  nodes = await Nodes.start({ databaseUrl: (url) => proxy.url(url), auditSink: () => sink });
  scraped = await ScrapedNode.of(nodes.node(0));
  person = await aPerson(nodes);
  bank = await aRelyingParty(nodes, { kind: 'bank' });
});
afterAll(async () => {
  proxy.restore();
  await scraped.stop();
  await nodes.close();
  await proxy.close();
});

const count = async (name: string, ...labels: string[]) => await scraped.sum(name, ...labels);

test('they are on a port of their own: GET and HEAD, no cookie, and nothing else there', async () => {
  const answer = await scraped.request();
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(answer.headers.get('set-cookie')).toBeNull();
  const head = await scraped.request('HEAD');
  expect([head.status, await head.text()]).toEqual([200, '']);
  const post = await scraped.request('POST');
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect((await scraped.request('GET', '/')).status).toBe(404);
  expect((await scraped.request('GET', '/health/ready')).status).toBe(404);
  // Control: the public port has no metrics.
  expect((await request(nodes.node(0)).get('/metrics')).status).toBe(404);
});

test('a sign-in counts once by step and kind, and so do wrong answers; no series is a person or a client', async () => {
  const browser = new TestBrowser(nodes);
  const login = authRequest(bank);
  // The password of the person was hashed already.
  const hashes = await count('noegle_password_hash_duration_seconds_count');
  const wrong = await toKeyPage(browser, { ...person, password: 'not this one' }, login);
  expect(wrong.page).toBe('password');
  const keyPage = await browser.send(wrong, { userId: person.userId, password: person.password });
  const again = await browser.send(keyPage, { key: '000000' });
  const code = (await browser.send(again, { key: keyFor(person, again) })).headers.location ?? '';
  await redeemCode(nodes, bank, new URL(code).searchParams.get('code') ?? '', login.verifier);

  const steps = async (...labels: string[]) => await count('noegle_sign_in_steps_total', ...labels);
  expect(await steps('step="password"', 'outcome="wrong"', 'rp_kind="bank"')).toBe(1);
  expect(await steps('step="password"', 'outcome="accepted"', 'rp_kind="bank"')).toBe(1);
  expect(await steps('step="key"', 'outcome="wrong"', 'rp_kind="bank"')).toBe(1);
  expect(await steps('step="key"', 'outcome="accepted"', 'rp_kind="bank"')).toBe(1);
  expect(await steps('rp_kind="public"')).toBe(0);
  expect(await count('noegle_sign_ins_total', 'rp_kind="bank"', 'sso="no"')).toBe(1);
  expect(await count('noegle_password_hash_duration_seconds_count')).toBe((hashes ?? 0) + 2);
  expect(await count('noegle_hash_wait_seconds_count')).toBe((hashes ?? 0) + 2);
  const answers = 'noegle_http_request_duration_seconds_count';
  expect(await count(answers, 'group="token"', 'status="2xx"')).toBe(1);
  expect(await count(answers, 'group="sign_in"', 'status="3xx"')).toBeGreaterThan(1);

  await signInAtNode(browser, person, authRequest(bank, { prompt: 'login' }));
  const text = await scraped.readText();
  for (const id of [bank.clientId, person.identityId, person.userId, person.cardNumber, person.fullName])
    expect(text).not.toContain(id);
  expect(text.split('\n').filter((line) => line.startsWith('noegle_')).length).toBeLessThan(700);
});

test('a group of addresses is one of a few, whatever a path has in it', () => {
  const groups = ['/login/abc/key', '/auth', '/token', '/token/introspection', '/x/y', '/__proto__', '//'];
  expect(groups.map(findRouteGroup)).toEqual([
    'sign_in',
    'authorize',
    'token',
    'introspection',
    'other',
    'other',
    'other',
  ]);
});

test('the database is read by one statement for all, at most every ten seconds, by indexes', async () => {
  const before = nodes.cost.statements;
  const fresh = await Promise.all([scraped.read(), scraped.read(), scraped.read()]);
  expect(nodes.cost.statements - before).toBeLessThanOrEqual(1);
  expect(fresh[0].find(({ name }) => name === 'noegle_database_up')?.value).toBe(1);
  for (const outbox of ['letters', 'notices', 'logouts'])
    expect(await count('noegle_outbox_waiting', `outbox="${outbox}"`)).toBeGreaterThanOrEqual(0);
  expect(await count('noegle_signing_key_age_seconds', 'alg="ES256"', 'state="current"')).toBeLessThan(600);
  expect(await count('noegle_signing_key_next_may_sign', 'alg="ES256"')).toBe(0);
  expect(Math.abs((await count('noegle_clock_offset_seconds')) ?? Infinity)).toBeLessThan(2);

  const source = readFileSync('src/db/readings.ts', 'utf8');
  const statement = /const READ = sql`([^`]+)`/.exec(source)?.[1] ?? '';
  // By a connection of the node, whose planner uses indexes regardless of statistics.
  const plan = await nodes.context.database.query<{ 'QUERY PLAN': string }>({
    name: 'plan of the reading',
    text: `EXPLAIN ${statement}`,
  });
  const text = plan.rows.map((line) => line['QUERY PLAN']).join('\n');
  // A handful of signing keys, without a condition.
  expect(text.match(/Seq Scan on \w+/g)).toEqual(['Seq Scan on signing_keys']);
  for (const index of ['letters_waiting', 'letters_set_aside', 'notices_waiting', 'logouts_waiting'])
    expect(text).toContain(index);
});

test('alerts and the dashboard name only metrics that a node has, and each alert its runbook', async () => {
  await request(nodes.node(0)).get('/health/ready');
  const served = new Set((await scraped.read()).map(({ name }) => name));
  const dashboard = readFileSync(DASHBOARD_FILE, 'utf8');
  const panels = (JSON.parse(dashboard) as { panels: { targets?: { expr: string }[] }[] }).panels;
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const rules = readAlertRules();
  const alertsText = rules.map(({ text }) => text.split('labels:')[0]).join('\n');
  expect(expressions.length).toBeGreaterThan(30);
  expect(rules.length).toBeGreaterThan(15);
  const expected = [...listMetricNames(alertsText), ...listMetricNames(expressions.join('\n'))];
  // One that appears with the first refusal, and those that a worker has.
  const later = [
    'noegle_task_runs_total',
    'noegle_sign_in_refusals_total',
    'noegle_worker_silent_seconds',
    'noegle_task_age_seconds',
  ];
  expect(expected.filter((name) => !served.has(name) && !later.includes(name))).toEqual([]);

  const page = readFileSync('docs/how-to/monitoring.md', 'utf8');
  const headings = new Set(
    [...page.matchAll(/^#+ (.+)$/gm)].map(
      ([, title = '']) => `docs/how-to/monitoring.md#${title.toLowerCase()}`,
    ),
  );
  expect(rules.filter(({ runbook }) => !headings.has(runbook ?? '')).map(({ name }) => name)).toEqual([]);
  expect(readFileSync(ALERTS_FILE, 'utf8')).toContain('severity: page');
  // Every metric of Nøgle stands in the reference.
  const own = [...served].filter((name) => name.startsWith('noegle_'));
  const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
  expect([...new Set(own.map(base))].filter((name) => !page.includes(name))).toEqual([]);
});

test('whether a node is ready is its own word: there without a proxy, and no request changes it', async () => {
  await nodes.replaceOne(0);
  const fresh = await ScrapedNode.of(nodes.node(0));
  const asked = async () => await fresh.sum('noegle_http_request_duration_seconds_count', 'group="ready"');
  expect([await fresh.sum('noegle_ready'), await asked()]).toEqual([null, null]);
  nodes.node(0).app.follow();
  await waitUntil('the first check', async () => (await fresh.sum('noegle_ready')) !== null);
  expect([await fresh.sum('noegle_ready'), await asked()]).toEqual([1, null]);
  expect((await request(nodes.node(0)).post('/health/ready')).status).toBe(405);
  expect([await fresh.sum('noegle_ready'), await asked()]).toEqual([1, 1]);
  await fresh.stop();
});

test('settings that are not right are told', () => {
  const explain = (env: Record<string, string>) => {
    try {
      readConfig({ DATABASE_URL: 'postgres://a:b@c/d', ...env });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(explain({ NOEGLE_METRICS_PORT: '70000' })).toContain('NOEGLE_METRICS_PORT must be a number');
  expect(explain({ NOEGLE_METRICS_PORT: '3000' })).toContain('NOEGLE_METRICS_PORT must not be PORT');
  expect(explain({ NOEGLE_METRICS_PORT: '9464', NOEGLE_METRICS_HOST: 'all' })).toContain('an IP address');
  expect(explain({ NOEGLE_METRICS_HOST: '::1' })).toContain('NOEGLE_METRICS_PORT is not');
  expect(explain({ NOEGLE_METRICS_PORT: '9464', NOEGLE_METRICS_HOST: '::1' })).not.toContain('METRICS');
});

test('without a database a scrape still answers, says so, and shows nothing old', async () => {
  // A node that has read nothing yet; what was read is cached for ten seconds.
  await nodes.replaceOne(0);
  const other = await ScrapedNode.of(nodes.node(0));
  proxy.cut();
  try {
    expect((await request(nodes.node(0)).get('/health/ready')).status).toBe(503);
    expect(await other.sum('noegle_database_up')).toBe(0);
    expect(await other.sum('noegle_ready')).toBe(0);
    for (const name of ['outbox_waiting', 'signing_key_age_seconds', 'clock_offset_seconds'])
      expect(await other.sum(`noegle_${name}`)).toBeNull();
    expect(await other.sum('noegle_http_request_duration_seconds_count', '5xx')).toBe(1);
  } finally {
    proxy.restore();
  }
  await waitUntil('it answers again', async () => (await other.sum('noegle_database_up')) === 1);
  expect(await other.sum('noegle_outbox_waiting')).toBeGreaterThanOrEqual(0);
  expect(await other.sum('noegle_clock_offset_seconds')).not.toBeNull();
  // What was read is cached for ten seconds.
  const now = performance.now.bind(performance);
  const later = jest.spyOn(performance, 'now').mockImplementation(() => now() + 10_500);
  proxy.cut();
  try {
    expect(await other.sum('noegle_database_up')).toBe(0);
    expect(await other.sum('noegle_clock_offset_seconds')).toBeNull();
  } finally {
    later.mockRestore();
    proxy.restore();
  }
  await other.stop();
});
