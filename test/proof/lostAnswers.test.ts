/**
 * A person whose answer was lost sends the same form again, to either node: it is verified once, and has the
 * same outcome. What a dying node had not answered counts for no one.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LOW } from '../../src/domain/signIn/levels.ts';
import { PasswordHasher } from '../../src/platform/hashing/passwordHasher.ts';
import {
  hashKeySubject,
  hashPasswordSubject,
} from '../../src/features/authentication/attemptSubjectHashes.ts';
import {
  anotherKey,
  aPerson,
  authRequest,
  type TestAuthRequest,
  TestBrowser,
  fillInPage,
  keyOnPage,
  type BrowserPage,
  peopleWithAllPages,
  redeemCode,
  readReturnedCode,
  type RunningNoegle,
  ServerProcesses,
  signInAtNode,
  type BrowserSite,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
  useRelyingParty,
  userinfo,
} from '../support/index.ts';
import { CutProxy } from '../support/cutProxy.ts';

const PAGES = ['password', 'key', 'new-card', 'public-sites', 'consent'] as const;
/** With the five pages of each sign-in, two hundred answers. */
const [SIGN_INS, STEP_UPS] = [33, 35];
const LANES = 2;

let servers: ServerProcesses;
afterAll(async () => await servers.close());
const nodes = useNodes({ count: 2 });
const trusted = useRelyingParty(nodes);
const asking = useRelyingParty(nodes, { trusted: false });
const low = useRelyingParty(nodes, { min_acr: LOW });
beforeAll(async () => {
  servers = await ServerProcesses.of(nodes);
});

/** Node 0 behind a proxy that loses answers, and node 1. */
class TwoWays implements BrowserSite {
  readonly issuer = nodes.issuer;
  readonly secrets = nodes.secrets;
  readonly #proxy: CutProxy;
  #port = nodes.node(1).port;

  constructor(proxy: CutProxy) {
    this.#proxy = proxy;
  }

  node(): { readonly port: number } {
    return { port: this.#port };
  }

  /** Sends a form to node 0, whose answer is lost on the way back. */
  async sendInVain(browser: TestBrowser, page: BrowserPage, fields: Record<string, string>): Promise<void> {
    this.#port = this.#proxy.port;
    this.#proxy.loseAnswerTo('POST /login/');
    const answer = await browser.post(page, fields).then(
      ({ status }) => `an answer with ${status}`,
      () => null,
    );
    this.#port = nodes.node(1).port;
    if (answer) throw new Error(`the answer should have been lost, and is ${answer}`);
  }
}

/** The wrong answers that currently count against a subject. */
async function wrongAt(subject: Buffer): Promise<string> {
  const [row] = await nodes.database.query<{ wrong: number; tries: number; in_a_row: number }>(
    'SELECT wrong, tries, in_a_row FROM attempts WHERE subject = $1',
    [subject],
  );
  return row ? `${row.wrong} wrong of ${row.tries}, ${row.in_a_row} in a row` : 'none';
}

async function tracesOf({ identityId, cardId }: TestPerson) {
  const [found] = await nodes.database.query<{ codes: number; spent: number; events: number }>(
    `SELECT (SELECT count(*)::int FROM oidc_records WHERE model = 'AuthorizationCode' AND account_id = $1) AS codes,
       (SELECT bit_count(spent)::int FROM key_cards WHERE id = $2) AS spent,
       (SELECT count(*)::int FROM audit_events WHERE identity_id = $1 AND kind = 'signed_in') AS events`,
    [identityId, cardId],
  );
  return found;
}

const codeOf = ({ headers }: BrowserPage) =>
  new URL(headers.location ?? nodes.issuer).searchParams.get('code');

/** Whether the tokens of a code are valid. */
async function isAlive(
  rp: TestRelyingParty,
  code: string | null,
  { verifier }: TestAuthRequest,
): Promise<boolean> {
  const tokens = await redeemCode(nodes, rp, code ?? '', verifier, 1);
  return tokens.status === 200 && (await userinfo(nodes, tokens.access_token)).status === 200;
}

/** Whether a page explains that the answer was lost. */
function explainsLoss(answer: BrowserPage): boolean {
  const isPage = answer.page === 'trouble' && answer.status >= 400 && answer.status < 500;
  return isPage && /allerede|et andet sted/.test(answer.text) && codeOf(answer) === null;
}

interface Walked {
  /** Lost answers whose form, sent again, continued. */
  readonly wentOn: string[];
  readonly faults: string[];
}

async function loseAllAnswers(person: TestPerson, proxy: CutProxy): Promise<Walked> {
  const site = new TwoWays(proxy);
  const browser = new TestBrowser(site);
  const request = authRequest(asking);
  const wentOn: string[] = [];
  const faults: string[] = [];
  const note = (isSo: boolean, fault: string) => void (isSo || faults.push(fault));
  const wrongOnce = async (page: BrowserPage, fields: Record<string, string>, subject: Buffer) => {
    await site.sendInVain(browser, page, fields);
    const again = await browser.send(page, fields);
    const counted = await wrongAt(subject);
    note(counted === '1 wrong of 1, 1 in a row', `a wrong ${page.page}, sent twice: ${counted}`);
    return again;
  };
  let page = await browser.follow(request.path);
  for (const wanted of PAGES) {
    if (page.page !== wanted) {
      faults.push(`page ${page.page} (${page.status}) in place of ${wanted}`);
      return { wentOn, faults };
    }
    if (wanted === 'password') {
      const subject = hashPasswordSubject(nodes.context, `identity ${person.identityId}`);
      page = await wrongOnce(page, { userId: person.userId, password: 'not it at all' }, subject);
    }
    if (wanted === 'key') {
      const subject = hashKeySubject(nodes.context, person.identityId);
      page = await wrongOnce(page, { key: anotherKey(await keyOnPage(nodes, page)) }, subject);
    }
    if (page.page !== wanted) continue;
    const fields = await fillInPage(nodes, page, person);
    await site.sendInVain(browser, page, fields);
    const next = await browser.send(page, fields);
    const isLast = wanted === 'consent';
    if (isLast ? codeOf(next) : PAGES.includes(next.page as 'key') && next.page !== wanted)
      wentOn.push(wanted);
    const code = codeOf(next);
    if (isLast && code !== null) {
      const ended = { browser, page, fields, code, request, rp: asking, codes: 1 };
      faults.push(...(await faultsOfEnd(person, ended)));
    }
    page = next;
  }
  return { wentOn, faults };
}

/** A person whose session is password-authenticated gives a key. */
async function loseStepUp(proxy: CutProxy): Promise<Walked> {
  const person = await aPerson(nodes);
  const site = new TwoWays(proxy);
  const browser = new TestBrowser(site);
  const first = await browser.follow(authRequest(low, { acr_values: LOW }).path);
  const atLow = codeOf(await browser.send(first, { userId: person.userId, password: person.password }));
  const request = authRequest(trusted);
  const page = await browser.follow(request.path);
  const fields = await fillInPage(nodes, page, person);
  await site.sendInVain(browser, page, fields);
  const code = codeOf(await browser.send(page, fields));
  const ended = { browser, page, fields, request, rp: trusted, codes: 2 };
  const faults = code === null ? [] : await faultsOfEnd(person, { ...ended, code });
  if (atLow === null || page.page !== 'key') faults.push(`no step-up, but ${page.page} (${page.status})`);
  return { wentOn: code === null ? [] : ['step-up'], faults };
}

interface Ended {
  readonly browser: TestBrowser;
  readonly page: BrowserPage;
  readonly fields: Record<string, string>;
  readonly code: string;
  readonly request: TestAuthRequest;
  readonly rp: TestRelyingParty;
  /** Includes the earlier ones. */
  readonly codes: number;
}

/** The same form a third time, and once more when the code is used. */
async function faultsOfEnd(person: TestPerson, ended: Ended): Promise<string[]> {
  const { browser, page, fields, code, request, rp, codes } = ended;
  const again = codeOf(await browser.send(page, fields));
  const traces = JSON.stringify(await tracesOf(person));
  const lives = await isAlive(rp, code, request);
  const late = await browser.send(page, fields);
  return [
    again === code ? [] : ['the same form, sent a third time, gives another code or none'],
    traces === JSON.stringify({ codes, spent: 1, events: 1 }) ? [] : [`traces: ${traces}`],
    lives ? [] : ['the token is not alive'],
    explainsLoss(late) ? [] : ['with its code used, the form is not answered in words'],
  ].flat();
}

test('every answer of a sign-in lost once, and the same form sent to the other node: 200 of 200 continue', async () => {
  const startedAt = performance.now();
  const people = await peopleWithAllPages(nodes, SIGN_INS);
  const walks = [
    ...people.map((person) => (proxy: CutProxy) => loseAllAnswers(person, proxy)),
    ...Array.from({ length: STEP_UPS }, () => loseStepUp),
  ];
  const all: Walked[] = [];
  const lane = async () => {
    const proxy = await CutProxy.to('127.0.0.1', nodes.node(0).port);
    for (let walk = walks.pop(); walk; walk = walks.pop()) {
      const failed = (error: unknown) => ({ wentOn: [], faults: [String(error)] });
      all.push(await walk(proxy).catch(failed));
    }
    await proxy.close();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const wentOn = all.flatMap((one) => one.wentOn);
  const faults = new Map<string, number>();
  for (const fault of all.flatMap((one) => one.faults)) faults.set(fault, (faults.get(fault) ?? 0) + 1);
  const forms = [...PAGES, 'step-up'];
  const byPage = forms.map((form) => `${form} ${wentOn.filter((one) => one === form).length}`).join(', ');
  const lost = SIGN_INS * PAGES.length + STEP_UPS;
  const report = [...faults].map(([fault, many]) => `\n${many} times: ${fault}`).join('');
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  console.info(`went on: ${wentOn.length} of ${lost} (${byPage}) in ${seconds} s${report}`);
  expect({ wentOn: wentOn.length, faults: [...faults] }).toEqual({ wentOn: lost, faults: [] });
});

/** Seconds of processor time that a process has used; Linux only, where the proof runs. */
async function cpuOf({ pid }: RunningNoegle): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [, , , , , , , , , , , user = '0', system = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(user) + Number(system)) / 100;
}

/** So much of a processor that only a hash uses it. */
const HASHING_SECONDS = 0.4;

test('the right password five times, the node killed each time while it hashes: the sixth signs in', async () => {
  // A hash that takes seconds: a process that uses part of one is hashing.
  const hasher = new PasswordHasher({
    maxWaiting: 250,
    setting: { memoryCost: 65_536, timeCost: 45, parallelism: 1 },
  });
  const [person, ...started] = await Promise.all([
    aPerson(nodes, {}, { ...nodes.context, hasher }),
    ...Array.from({ length: 5 }, () => servers.start()),
  ]);
  // Everyone here has one address, and other tests of this suite have typed wrong passwords from it.
  await nodes.database.query('DELETE FROM network_tries');
  for (const { node, port } of started) {
    const browser = new TestBrowser({ issuer: nodes.issuer, secrets: nodes.secrets, node: () => ({ port }) });
    const page = await browser.follow(authRequest(trusted).path);
    const before = await cpuOf(node);
    const answer = browser.post(page, { userId: person.userId, password: person.password }).then(
      ({ status }) => status,
      () => 'none',
    );
    const limit = performance.now() + 30_000;
    while ((await cpuOf(node)) < before + HASHING_SECONDS) {
      if (performance.now() > limit) throw new Error('it never hashed');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await node.kill9();
    expect(await answer).toBe('none');
  }
  const counted = await wrongAt(hashPasswordSubject(nodes.context, `identity ${person.identityId}`));
  // Requests in flight have been given up since then.
  nodes.clock.forward(31_000);
  const page = await toKeyPage(new TestBrowser(nodes), person, authRequest(trusted));
  console.info(`after five nodes died while hashing: tries ${counted}; the sixth sees page ${page.page}`);
  expect(page.page).toBe('key');
  expect((await signInAtNode(new TestBrowser(nodes), person, authRequest(trusted))).get('code')).toBeTruthy();
});

test('a double click at the key: one code on both answers, and its token is alive, 50 times', async () => {
  const person = await aPerson(nodes);
  const seen = new Map<string, number>();
  for (let round = 0; round < 50; round += 1) {
    const browser = new TestBrowser(nodes, round);
    const request = authRequest(trusted);
    const page = await toKeyPage(browser, person, request);
    const fields = { key: await keyOnPage(nodes, page) };
    const other = await browser.copy();
    await other.request('/health/live');
    const before = (await tracesOf(person))?.codes ?? 0;
    const ends = await Promise.all([browser.send(page, fields), other.send(page, fields)]);
    const codes = ends.map(codeOf);
    const made = ((await tracesOf(person))?.codes ?? 0) - before;
    const isOne = codes[0] !== null && codes[0] === codes[1] && made === 1;
    const code = codes.find((one) => one !== null) ?? null;
    const isLive = await isAlive(trusted, code, request);
    const answers = ends.map((end) => (codeOf(end) ? 'code' : String(end.status))).join(' and ');
    const what = isOne && isLive ? 'one code, alive' : `${answers}, codes ${made}, alive ${isLive}`;
    seen.set(what, (seen.get(what) ?? 0) + 1);
  }
  console.info(`double clicks: ${[...seen].map(([what, many]) => `${many} times ${what}`).join('; ')}`);
  expect([...seen]).toEqual([['one code, alive', 50]]);
});

test('the same form after a minute, or with its code used, gets a page that says so, and no code', async () => {
  const person = await aPerson(nodes);
  for (const end of ['a minute', 'used'] as const) {
    const browser = new TestBrowser(nodes);
    const request = authRequest(trusted);
    const page = await toKeyPage(browser, person, request);
    const fields = { key: await keyOnPage(nodes, page) };
    // Taken before the answer, which removes the pending request.
    const before = await browser.copy();
    const code = readReturnedCode(await browser.send(page, fields)).get('code');
    expect([end, codeOf(await before.send(page, fields)) === code]).toEqual([end, true]);
    if (end === 'used') expect(await isAlive(trusted, code, request)).toBe(true);
    else await nodes.database.query(`UPDATE sign_ins SET answered_at = answered_at - interval '61 seconds'`);
    const late = await before.send(page, fields);
    expect([end, late.status, late.page, explainsLoss(late)]).toEqual([end, 400, 'trouble', true]);
  }
});
