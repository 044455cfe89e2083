/**
 * Runs another version and this one on one database, switched forth, back and forth again, while people sign
 * in: whether a sign-in fails whose requests meet both, and whether a session or a refresh token that began
 * on one is valid at the other.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { HOST, type BenchInstallation, type BenchNode } from './install.ts';
import { PASSWORD, BenchPeople, registerRelyingParty, seedPeople, type BenchRelyingParty } from './people.ts';
import { authenticateRelyingParty, authorizationRequest, BenchBrowser, type BenchTokens } from './signIn.ts';

const SEEDED = 1_500;
const PER_PHASE = 96;
const AT_ONCE = 4;
/** Which of two nodes gets the page, the password, the key and the code of a sign-in. */
const PATHS = ['0000', '1111', '0111', '0011', '0001', '1000', '1100', '1110'];

interface VersionGuest {
  /** The port of the node that gets the next request. */
  port: number;
  readonly browser: BenchBrowser;
  readonly since: string;
  tokens: BenchTokens;
}

interface Phase {
  readonly name: string;
  readonly nodes: readonly BenchNode[];
}

export interface TwoVersions {
  readonly signIns: number;
  readonly stays: number;
  readonly failures: readonly string[];
}

/** @param other a built checkout of the previous version */
export async function twoVersions(
  on: BenchInstallation,
  other: string,
  progress: (text: string) => void,
): Promise<TwoVersions> {
  await seedPeople(on, { from: 1, many: SEEDED }, () => undefined);
  const rp = await registerRelyingParty(on);
  const people = await BenchPeople.load(on, { of: SEEDED, many: SEEDED });
  const figures = { signIns: 0, stays: 0, failures: [] as string[] };
  const guests: VersionGuest[] = [];
  for await (const { name, nodes } of phases(on, path.resolve(other))) {
    progress(name);
    const ports = nodes.map(({ port }) => port);
    const portOf = (node: number) => ports[node % ports.length] ?? 0;
    const fail = (what: string) => (error: unknown) => {
      figures.failures.push(`${name}: ${what}: ${String(error)}`);
    };
    let begun = 0;
    const lane = async () => {
      while (begun < PER_PHASE) {
        const at = PATHS[begun++ % PATHS.length] ?? '';
        figures.signIns += 1;
        await signInOver(portOf, at, people, rp).catch(fail(at));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    for (const guest of guests) {
      for (const node of nodes.keys()) {
        figures.stays += 1;
        guest.port = portOf(node);
        await refreshGuest(guest, rp).catch(fail(`since ${guest.since}, at ${node}`));
      }
    }
    for (const node of nodes.keys()) {
      const guest = { port: portOf(node), since: `${name} at ${node}` };
      await signInGuest(guest, people, rp).then((arrived) => guests.push(arrived), fail('arrives'));
    }
  }
  for (const failure of figures.failures) process.stdout.write(`${failure}\n`);
  process.stdout.write(
    `${figures.signIns} sign-ins, ${figures.stays} times a session and its tokens, ${figures.failures.length} failures\n`,
  );
  return figures;
}

const STEPS: readonly (readonly [string, object])[] = [
  ['rows are bound', { binding: 'write' }],
  ['rows have to be bound', { binding: 'require' }],
];

/** Two nodes at a time, stopped and started one after the other. */
async function* phases(on: BenchInstallation, checkout: string): AsyncGenerator<Phase> {
  const before = async () => await on.startNode({}, { checkout });
  const after = async (rules: object = {}) => await on.startNode(await on.rulesAs(rules));
  const nodes: [BenchNode, BenchNode] = [await before(), await before()];
  const replace = async (index: 0 | 1, start: () => Promise<BenchNode>) => {
    await nodes[index].stop();
    nodes[index] = await start();
  };
  yield { name: 'the version before', nodes };
  await replace(1, after);
  yield { name: 'both versions', nodes };
  await replace(1, before);
  yield { name: 'back', nodes };
  await replace(1, after);
  yield { name: 'both again', nodes };
  await replace(0, after);
  yield { name: 'this version', nodes };
  for (const [name, rules] of STEPS) {
    await replace(0, () => after(rules));
    yield { name: `${name} at one node`, nodes };
    await replace(1, () => after(rules));
    await on.runCommand(['bind-rows'], await on.rulesAs(rules));
    yield { name: `${name} at both`, nodes };
  }
}

/** A sign-in whose requests go to these nodes. @throws an Error for anything unexpected */
async function signInOver(
  portOf: (node: number) => number,
  at: string,
  people: BenchPeople,
  rp: BenchRelyingParty,
): Promise<void> {
  const person = people.take();
  let port = portOf(Number(at[0]));
  const browser = new BenchBrowser(() => port, person.address, person.browser);
  const verifier = randomBytes(32).toString('base64url');
  const asked = await browser.follow(authorizationRequest(rp, verifier));
  port = portOf(Number(at[1]));
  const keyPage = await browser.send(asked, { userId: person.userId, password: PASSWORD });
  const number = /data-key-number="([0-9]{4})"/.exec(keyPage.text)?.[1] ?? '';
  const key = person.keys().get(number);
  if (!key) throw new Error(`no key page, but ${pageOf(keyPage)}`);
  port = portOf(Number(at[2]));
  const last = await browser.send(keyPage, { key });
  await redeemGuestCode(portOf(Number(at[3])), rp, codeOf(last), verifier);
}

/** Starts a session, at the relying party and at self-service, and gets a refresh token. */
async function signInGuest(
  guest: Pick<VersionGuest, 'port' | 'since'>,
  people: BenchPeople,
  rp: BenchRelyingParty,
): Promise<VersionGuest> {
  const person = people.take();
  const browser = new BenchBrowser(() => guest.port, person.address, person.browser);
  const page = await browser.follow('/self-service');
  const keyPage = await browser.send(page, { userId: person.userId, password: PASSWORD });
  const key = person.keys().get(/data-key-number="([0-9]{4})"/.exec(keyPage.text)?.[1] ?? '') ?? '';
  const home = await browser.send(keyPage, { key });
  if (!pageOf(home).startsWith('self-')) throw new Error(`no self-service, but ${pageOf(home)}`);
  const verifier = randomBytes(32).toString('base64url');
  const consent = await browser.follow(authorizationRequest(rp, verifier, true));
  const last = await browser.send(consent, { accept: '1' });
  const tokens = await redeemGuestCode(guest.port, rp, codeOf(last), verifier);
  return Object.assign(guest, { browser, tokens });
}

/** @throws an Error when any of these has ended */
async function refreshGuest(guest: VersionGuest, rp: BenchRelyingParty): Promise<void> {
  const home = await guest.browser.follow('/self-service');
  if (!pageOf(home).startsWith('self-')) throw new Error(`self-service is ${pageOf(home)}`);
  const verifier = randomBytes(32).toString('base64url');
  const silent = await guest.browser.follow(`${authorizationRequest(rp, verifier)}&prompt=none`);
  await redeemGuestCode(guest.port, rp, codeOf(silent), verifier);
  const fields = { grant_type: 'refresh_token', refresh_token: guest.tokens.refresh_token ?? '' };
  const next = (await authenticateRelyingParty(guest.port, rp, '/token', fields)) as BenchTokens;
  guest.tokens = { ...guest.tokens, ...next };
}

async function redeemGuestCode(
  port: number,
  rp: BenchRelyingParty,
  code: string,
  verifier: string,
): Promise<BenchTokens> {
  const fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: rp.redirectUri,
    code_verifier: verifier,
  };
  return (await authenticateRelyingParty(port, rp, '/token', fields)) as BenchTokens;
}

function pageOf({ status, text }: { status: number; text: string }): string {
  return /data-page="([^"]*)"/.exec(text)?.[1] ?? String(status);
}

function codeOf(answer: {
  status: number;
  text: string;
  headers: { location?: string | undefined };
}): string {
  const { location = 'none:' } = answer.headers;
  const code = new URL(location, `https://${HOST}`).searchParams.get('code');
  if (!code) throw new Error(`no code, but ${pageOf(answer)} ${new URL(location, `https://${HOST}`).search}`);
  return code;
}
