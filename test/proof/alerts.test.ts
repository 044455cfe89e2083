/**
 * Alerts on a real node: what each is for is broken, the node is scraped, and the rule fires on what was
 * scraped. Under ordinary load all are silent: for ten minutes with NOEGLE_PROOF_WHOLE=yes, otherwise for
 * half a minute that counts as ten.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, expect } from '@jest/globals';
import { startJobs } from '../../src/app.ts';
import { enqueueNotice } from '../../src/db/cards/notices.ts';
import { SEND_LOGOUT_NOTIFICATIONS } from '../../src/db/oidc/backchannelLogouts.ts';
import { BY_SYSTEM } from '../../src/features/identity/cardCommands.ts';
import { orderPasswordLetter } from '../../src/features/identity/orderPasswordLetter.ts';
import { PasswordHasher } from '../../src/platform/hashing/passwordHasher.ts';
import { CutProxy } from '../support/cutProxy.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  CHEAP,
  freePort,
  IS_WHOLE_PROOF,
  logOut,
  Nodes,
  PATIENT,
  redeemCode,
  request,
  ServerProcesses,
  signInAtNode,
  TestBrowser,
  toKeyPage,
  tokensAt,
  useLogoutSite,
  type NodesOptions,
} from '../support/index.ts';
import { startPrintHouse } from '../support/printHouseServer.ts';
import { promtoolTest, runPromtool } from '../support/promtool.ts';
import { RecordedNode } from '../support/recordedNode.ts';
import { ScrapedNode } from '../support/scrape.ts';
import { startSmtpServer } from '../support/smtpServer.ts';

const site = useLogoutSite();
const ended: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

/** A node of its own for each test, which is scraped. */
async function startNode(options: NodesOptions = {}): Promise<{ nodes: Nodes; scraped: ScrapedNode }> {
  const nodes = await Nodes.start(options);
  ended.push(async () => await nodes.close());
  const scraped = await ScrapedNode.of(nodes.node(0));
  ended.push(async () => await scraped.stop());
  return { nodes, scraped };
}

/** Letters to a print house, mail to a server: both can be stopped. */
async function startPost() {
  const [house, smtp] = [await startPrintHouse(), await startSmtpServer()];
  ended.push(
    async () => await house.stop().catch(() => undefined),
    async () => await smtp.stop().catch(() => undefined),
  );
  const { url: printUrl, cardJwk: cardKey, passwordJwk: passwordKey } = house;
  const mail = { mailUrl: smtp.url, mailFrom: 'Nøgle <no-reply@noegle.example>' };
  return { house, smtp, post: { kind: 'sent', printUrl, cardKey, passwordKey, ...mail } as const };
}

function startWorker(nodes: Nodes, databaseUrl = nodes.database.url): void {
  const worker = startJobs(nodes.node(0).app, { databaseUrl });
  ended.push(async () => await worker.stop());
}

const sendNotice = async (nodes: Nodes, identityId: string) =>
  await enqueueNotice(
    nodes.context.database,
    { id: randomUUID(), identityId, notice: { kind: 'password_ordered', details: {} } },
    nodes.clock.now(),
  );

const [EVERY_MS, AS_SECONDS, SCRAPES] = IS_WHOLE_PROOF ? [5_000, 5, 120] : [1_000, 20, 30];

promtoolTest('ordinary load: sign-ins, log-outs, letters and notices leave every alert silent', async () => {
  const { house, smtp, post } = await startPost();
  const { nodes, scraped } = await startNode({ post, privateOrigins: [site.origin], follow: true });
  startWorker(nodes);
  const backchannel = { backchannel_logout_uri: `${site.origin}/ordinary` };
  const rps = [await aRelyingParty(nodes, { kind: 'bank' }), await aRelyingParty(nodes, backchannel)];
  const people = await Promise.all(Array.from({ length: 6 }, async () => await aPerson(nodes)));
  const recorded = new RecordedNode(scraped, { everyMs: EVERY_MS, asSeconds: AS_SECONDS });
  await recorded.scrape();
  let turn = 0;
  await recorded.scrapeTimes(SCRAPES, async () => {
    turn += 1;
    const person = people[turn % people.length];
    const rp = rps[turn % rps.length];
    if (!person || !rp) throw new Error('there is no one');
    const browser = new TestBrowser(nodes);
    // A few mistype, and come again.
    if (turn % 5 === 0) await toKeyPage(browser, { ...person, password: 'mistyped' }, authRequest(rp));
    await tokensAt(nodes, browser, person, rp);
    if (turn % 4 === 1) await logOut(browser);
    if (turn % 10 === 1) await orderPasswordLetter(nodes.context, person.identityId, BY_SYSTEM);
    if (turn % 3 === 0) await sendNotice(nodes, person.identityId);
    await request(nodes.node(0)).get('/health/ready');
  });
  // The load was one: something of each kind went out.
  expect(house.letters.size).toBeGreaterThan(0);
  expect(smtp.messages.length).toBeGreaterThan(2);
  expect(site.at('/ordinary').length).toBeGreaterThan(0);
  expect(await scraped.sum('noegle_sign_ins_total')).toBeGreaterThanOrEqual(SCRAPES);
  await recorded.expectSilence();
  // Control: the same series with another expectation fail.
  await expect(recorded.expectFiring(['NoegleNoSignIns'])).rejects.toThrow('FAILED');
});

promtoolTest('no print house, no mail server, a relying party that is down, old keys, no sweep', async () => {
  const { house, smtp, post } = await startPost();
  const rules = { ...PATIENT, sendTries: 12 };
  const { nodes, scraped } = await startNode({ post, rules, privateOrigins: [site.origin] });
  const [one, other] = [await aPerson(nodes), await aPerson(nodes)];
  const rp = await aRelyingParty(nodes, { backchannel_logout_uri: `${site.origin}/down` });
  await house.stop();
  await smtp.stop();
  site.failing.add('/down');
  const browser = new TestBrowser(nodes);
  await tokensAt(nodes, browser, one, rp);
  await logOut(browser);
  await sendNotice(nodes, one.identityId);
  await orderPasswordLetter(nodes.context, one.identityId, BY_SYSTEM);

  const { tasks } = nodes.node(0).app;
  for (let round = 0; round < rules.sendTries; round += 1) {
    // The second letter fails eight times while the first is given up.
    if (round === 3) await orderPasswordLetter(nodes.context, other.identityId, BY_SYSTEM);
    // The waits between the attempts are left out.
    for (const table of ['letters', 'notices', 'logouts'])
      await nodes.database.query(`UPDATE ${table} SET try_at = now() WHERE state = 'waiting'`);
    for (const task of ['sendLetters', 'sendNotices', SEND_LOGOUT_NOTIFICATIONS]) await tasks[task]?.({});
  }
  await nodes.database.query(
    `UPDATE signing_keys SET since = since - interval '130 days' WHERE state = 'current'`,
  );
  await nodes.database.query(
    `UPDATE oidc_records SET expires_at = now() - interval '26 hours'
     WHERE ctid = (SELECT ctid FROM oidc_records LIMIT 1)`,
  );
  const recorded = new RecordedNode(scraped, { everyMs: 100, asSeconds: 60 });
  await recorded.scrapeTimes(13);
  const firing = ['LettersStandStill', 'NoticesStandStill', 'LogoutsStandStill', 'SetAside'];
  await recorded.expectFiring(
    [...firing, 'SweepBehind', 'SigningKeyOld'].map((name) => `Noegle${name}`),
    ['NoegleDatabaseAway', 'NoegleNoSignIns', 'NoegleLocksRise'],
  );
});

promtoolTest('passwords are tried for many IDs, codes are sent again, a row is changed by hand', async () => {
  const { nodes, scraped } = await startNode({ binding: () => 'require' });
  const people = await Promise.all(Array.from({ length: 12 }, async () => await aPerson(nodes)));
  const [victim, other] = people;
  if (!victim || !other) throw new Error('there is no one');
  const rp = await aRelyingParty(nodes);
  const recorded = new RecordedNode(scraped, { everyMs: 100, asSeconds: 60 });
  await recorded.scrapeTimes(2);
  const guess = async ({ userId }: { userId: string }) => {
    const browser = new TestBrowser(nodes);
    let page = await browser.follow(authRequest(rp).path);
    for (let i = 0; i < 5; i += 1) page = await browser.send(page, { userId, password: `guess ${i}` });
  };
  await recorded.scrapeTimes(4, async () => await Promise.all(people.splice(0, 3).map(guess)));

  const guest = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  for (let i = 0; i < 5; i += 1) {
    const login = authRequest(rp);
    const page = await browser.follow(login.path);
    const code = (
      page.page === 'password'
        ? await signInAtNode(browser, guest, login)
        : new URL(page.headers.location ?? '').searchParams
    ).get('code');
    expect((await redeemCode(nodes, rp, code ?? '', login.verifier)).status).toBe(200);
    expect((await redeemCode(nodes, rp, code ?? '', login.verifier)).error).toBe('invalid_grant');
  }
  await orderPasswordLetter(nodes.context, victim.identityId, BY_SYSTEM);
  await nodes.database.query(`UPDATE letters SET identity_id = $1`, [other.identityId]);
  await nodes.node(0).app.tasks['sendLetters']?.({});
  await recorded.scrapeTimes(6);
  await recorded.expectFiring(
    ['NoegleLocksRise', 'NoegleNoSignIns', 'NoegleTokenReuse', 'NoegleRowTampered'],
    ['NoegleSignInsFail', 'NoegleDatabaseAway', 'NoegleSlow'],
  );
});

/** Opens password pages, each in its browser. @returns what sends all their forms at a time */
async function makeFormSender(nodes: Nodes, many: number) {
  const rp = await aRelyingParty(nodes);
  return async () => {
    const forms = Array.from({ length: many }, async () => {
      const browser = new TestBrowser(nodes);
      const page = await browser.follow(authRequest(rp).path);
      const guest = { userId: `none-${randomUUID()}`, password: 'a password' };
      return async () => await browser.send(page, guest);
    });
    const sends = await Promise.all(forms);
    return async () => void (await Promise.all(sends.map(async (send) => await send())));
  };
}

/** So that only the queue decides. */
const BOUNDS = { identity: 1e9, knownBrowser: 1e9, network: 1e9, formsOfWideNetwork: 1e9 };

promtoolTest('more passwords than a node can hash, one connection, a blocked event loop', async () => {
  const setting = { ...CHEAP, memoryCost: 8_192 };
  const hasher = new PasswordHasher({ setting, maxWaiting: 1, maxConcurrent: 1, bounds: BOUNDS });
  const hashing = await startNode({ hasher });
  const pool = await startNode({ databasePool: 1 });
  const options = { everyMs: 400, asSeconds: 60 };
  const refused = new RecordedNode(hashing.scraped, options);
  const exhausted = new RecordedNode(pool.scraped, options);
  const sendForms = [await makeFormSender(hashing.nodes, 20), await makeFormSender(pool.nodes, 8)];
  for (let i = 0; i < 8; i += 1) {
    for (const send of sendForms) await (await send())();
    const until = performance.now() + 300;
    while (performance.now() < until);
    await refused.scrape();
    await exhausted.scrape();
  }
  // What is refused is a 503: NoegleSignInsFail fires with it.
  await refused.expectFiring(['NoegleHashQueueRefuses', 'NoegleEventLoopSlow'], ['NoegleDatabaseAway']);
  await exhausted.expectFiring(['NoeglePoolExhausted'], ['NoegleDatabaseAway', 'NoegleHashQueueRefuses']);
});

promtoolTest('a database that is slow, and one that is away', async () => {
  const proxy = await CutProxy.toDatabase();
  ended.push(async () => await proxy.close());
  const { nodes, scraped } = await startNode({ databaseUrl: (url) => proxy.url(url) });
  const rp = await aRelyingParty(nodes);
  const slow = new RecordedNode(scraped, { everyMs: 2_200, asSeconds: 150 });
  await slow.scrape();
  const openForms = await makeFormSender(nodes, 4);
  await slow.scrapeTimes(4, async () => {
    const sendForms = await openForms();
    const held = nodes.database.query(`DO $$ BEGIN LOCK TABLE attempts; PERFORM pg_sleep(2.3); END $$`);
    await wait(100);
    await Promise.all([held, sendForms()]);
  });
  await slow.expectFiring(['NoegleSlow'], ['NoegleDatabaseAway']);

  // What was read of the database is cached for ten seconds: a node that has read nothing yet.
  await nodes.replaceOne(0);
  const fresh = await ScrapedNode.of(nodes.node(0));
  ended.push(async () => await fresh.stop());
  const away = new RecordedNode(fresh, { everyMs: 600, asSeconds: 60 });
  proxy.cut();
  await away.scrapeTimes(8, async () => {
    await request(nodes.node(0)).get('/health/ready');
    await Promise.all([1, 2, 3].map(async () => await request(nodes.node(0)).get(authRequest(rp).path)));
  });
  proxy.restore();
  await away.expectFiring(['NoegleDatabaseAway', 'NoegleNotReady', 'NoegleSignInsFail']);
});

promtoolTest('a worker whose role may not touch the job queue, and a node that is gone', async () => {
  const { nodes, scraped } = await startNode();
  const role = `noegle_test_${randomBytes(6).toString('hex')}`;
  await nodes.database.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
  await nodes.database.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}`);
  ended.push(async () => {
    await nodes.database.query(`DROP OWNED BY ${role}`);
    await nodes.database.query(`DROP ROLE ${role}`);
  });
  const url = new URL(nodes.database.url);
  url.username = url.password = role;
  startWorker(nodes, url.href);
  const recorded = new RecordedNode(scraped, { everyMs: 500, asSeconds: 240 });
  await recorded.scrapeTimes(12);
  await recorded.expectFiring(['NoegleWorkerSilent', 'NoegleTaskOld'], ['NoegleNodeDown']);
  await scraped.stop();
  await recorded.scrapeTimes(3);
  await recorded.expectFiring(['NoegleNodeDown']);
});

promtoolTest('a node with a clock that is ahead, as a process: its scrape is well-formed', async () => {
  const { nodes } = await startNode();
  const processes = await ServerProcesses.of(nodes);
  ended.push(async () => await processes.close());
  const metricsPort = String(await freePort());
  const ahead = `const Real = Date;
    const ahead = () => Real.now() + 10_000;
    globalThis.Date = class extends Real {
      constructor(...parts) { super(...(parts.length > 0 ? parts : [ahead()])); }
      static now() { return ahead(); }
    };`;
  await processes.start({
    NOEGLE_METRICS_PORT: metricsPort,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ahead)}`,
  });
  const scraped = ScrapedNode.at(Number(metricsPort));
  const recorded = new RecordedNode(scraped, { everyMs: 100, asSeconds: 60 });
  await recorded.scrapeTimes(5);
  await recorded.expectFiring(['NoegleClockOff'], ['NoegleNodeDown', 'NoegleDatabaseAway']);
  // Three names of prom-client are not as promtool wants them.
  const own = (await scraped.readText()).split('\n').filter((line) => /^(# \w+ )?noegle_/.test(line));
  expect(await runPromtool(['check', 'metrics'], `${own.join('\n')}\n`)).toBe('');

  const { node } = await processes.begin({ NOEGLE_METRICS_PORT: metricsPort });
  expect(await node.exited()).toBe(1);
  expect(node.output).toContain('NOEGLE_METRICS_PORT, NOEGLE_METRICS_HOST: 127.0.0.1:');
});
