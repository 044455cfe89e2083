/**
 * Fifty connections of the worker are killed in the middle of a statement, while letters, notices and
 * log-outs wait.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  Nodes,
  postEnv,
  request,
  ServerProcesses,
  signInAtNode,
} from '../support/index.ts';
import { startPrintHouse, type PrintHouseServer } from '../support/printHouseServer.ts';
import { startSmtpServer, type SmtpServer } from '../support/smtpServer.ts';

const KILLS = 50;
const CARDS = 12;

let nodes: Nodes;
let servers: ServerProcesses;
let printHouse: PrintHouseServer;
let mail: SmtpServer;
beforeAll(async () => {
  nodes = await Nodes.start();
  servers = await ServerProcesses.of(nodes);
  [printHouse, mail] = [await startPrintHouse(), await startSmtpServer()];
});
afterAll(async () => {
  await servers.close();
  await printHouse.stop();
  await mail.stop();
  await nodes.close();
});

async function killBusyWorker(): Promise<boolean> {
  const killed = await nodes.database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'noegle-worker' AND state <> 'idle'
       AND query !~ 'LISTEN' LIMIT 1`,
  );
  return killed.length > 0;
}

test(`no node ends by ${KILLS} kills, and every letter that was ordered in the meantime is printed once`, async () => {
  const post = { ...(await postEnv(nodes.folder, printHouse)), NOEGLE_SMTP_URL: mail.url };
  const running = [await servers.start(post), await servers.start(post)];
  const rp = await aRelyingParty(nodes);
  const people = await Promise.all(Array.from({ length: CARDS }, () => aPerson(nodes, { keysSpent: 127 })));
  const orders = (async () => {
    for (const person of people) {
      await signInAtNode(new TestBrowser(nodes), person, authRequest(rp));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  })();
  const end = performance.now() + 120_000;
  let kills = 0;
  while (kills < KILLS && performance.now() < end) {
    if (await killBusyWorker()) kills += 1;
  }
  await orders;
  expect(kills).toBe(KILLS);
  expect(running.map(({ node }) => node.isGone())).toEqual([false, false]);
  for (const { port } of running) await request({ port }).get('/health/ready').expect(200);

  const letters = async () =>
    await nodes.database.query<{ id: string; state: string }>(
      `SELECT id, state FROM letters WHERE kind = 'card'`,
    );
  while ((await letters()).some(({ state }) => state !== 'sent') && performance.now() < end + 60_000) {
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const sent = await letters();
  expect(sent.map(({ state }) => state)).toEqual(people.map(() => 'sent'));
  expect(sent.map(({ id }) => printHouse.letters.has(id))).toEqual(people.map(() => true));
});
