/**
 * Code in the docs that can run here is run as a reader would: taken from the page, saved, started, and used
 * to sign in.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { CookieJar } from 'tough-cookie';
import { relyingPartySchema, type RelyingPartyInput } from '../src/domain/relyingParty/relyingParty.ts';
import { addClientByOperator } from '../src/features/relyingParties/registrations.ts';
import {
  aRelyingParty,
  TestBrowser,
  freePort,
  keyFor,
  useFolder,
  useNodes,
  usePerson,
  markOfRun,
} from './support/index.ts';
import { launchChromium } from './support/chromium.ts';

const nodes = useNodes();
const person = usePerson(nodes);
// Below the project, so that its packages are found, like those of a reader who ran `npm i`.
const folder = useFolder('docs');
let child: ChildProcess | null = null;
let server: Server | null = null;
afterEach(() => {
  child?.kill();
  server?.closeAllConnections();
  server?.close();
  [child, server] = [null, null];
});

/** The blocks of one language on a page, in their order. */
function blocksOf(page: string, language: string): string[] {
  const fences = readFileSync(page, 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...fences].filter(([, name]) => name === language).map(([, , code = '']) => code);
}

/** A reader's machine has other free ports, and Nøgle is at another address. */
function moved(code: string, port: number): string {
  return code
    .replaceAll('localhost:4000', `localhost:${port}`)
    .replaceAll('http://localhost:3000', nodes.issuer);
}

async function start(code: string, args: string[], env: Record<string, string>, says: string): Promise<void> {
  const file = path.join(folder, 'app.mjs');
  await writeFile(file, code);
  const running = spawn(process.execPath, [file, ...args], { env: { PATH: '', ...markOfRun(), ...env } });
  child = running;
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`it does not say ${says}: ${output}`)), 20_000);
    const onOutput = (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes(says)) return;
      clearTimeout(late);
      resolve();
    };
    running.stdout.on('data', onOutput);
    running.stderr.on('data', onOutput);
  });
}

/** From the site's address through Nøgle and back. @returns the text of the site at the end */
async function signInAt(site: string, from: string, then: string): Promise<string> {
  const jar = new CookieJar();
  const requestSource = async (url: string) => {
    const cookie = await jar.getCookieString(url);
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) await jar.setCookie(line, url);
    return answer;
  };
  const location = (await requestSource(site + from)).headers.get('location') ?? '';
  expect(location.startsWith(nodes.issuer)).toBe(true);
  const browser = new TestBrowser(nodes);
  const passwordPage = await browser.follow(location.slice(nodes.issuer.length));
  const keyPage = await browser.send(passwordPage, { userId: person.userId, password: person.password });
  const next = await browser.send(keyPage, { key: keyFor(person, keyPage) });
  const end = next.page === 'consent' ? await browser.send(next, { accept: '1' }) : next;
  const back = end.headers.location ?? '';
  nodes.secrets.add(new URL(back).searchParams.get('code') ?? '', 'code');
  const answer = await requestSource(back);
  const last = then === '' ? answer : await requestSource(site + then);
  // Without it a browser reads Danish names as Latin-1.
  expect(last.headers.get('content-type')).toContain('charset=utf-8');
  return await last.text();
}

test('tutorial: connect in five minutes', async () => {
  const [code = ''] = blocksOf('docs/tutorials/connect-in-five-minutes.md', 'js').filter((block) =>
    block.includes('createServer'),
  );
  const { clientId, clientSecret } = await aRelyingParty(nodes, {
    client_id: 'sandbox-public',
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/cb'],
    token_endpoint_auth_method: 'client_secret_post',
  });
  const demo = path.join(folder, 'demo.json');
  await writeFile(
    demo,
    JSON.stringify({ issuer: nodes.issuer, relyingParties: [{ clientId, clientSecret }] }),
  );
  const port = await freePort();
  await start(code.replaceAll('4000', String(port)), [demo], {}, `http://127.0.0.1:${port}`);
  const shown = JSON.parse(await signInAt(`http://127.0.0.1:${port}`, '/', '')) as Record<string, unknown>;
  expect(shown).toMatchObject({ name: person.fullName, amr: ['pwd', 'otp', 'mfa'] });
});

/** As `node dist/cli.js relying-party add` does it. */
async function registerAs(page: string, port: number): Promise<string> {
  const [json = ''] = blocksOf(page, 'json');
  const document = JSON.parse(moved(json, port)) as Record<string, unknown>;
  const rules = { issuer: nodes.issuer, loopback: true };
  const { clientSecret } = await addClientByOperator(nodes.context, document, rules);
  nodes.secrets.add(clientSecret ?? '', 'client secret');
  return clientSecret ?? '';
}

test('quick start: Express', async () => {
  const page = 'docs/tutorials/quick-start/express.md';
  const port = await freePort();
  const [code = ''] = blocksOf(page, 'js');
  const env = {
    CLIENT_SECRET: await registerAs(page, port),
    COOKIE_SECRET: 'a long text that nobody guesses',
  };
  const own = moved(code, port).replace('listen(4000', `listen(${port}`);
  await start(own, [], { ...env, ISSUER: nodes.issuer }, `http://localhost:${port}`);
  expect(await signInAt(`http://localhost:${port}`, '/login', '/me')).toContain(person.fullName);
});

test('quick start: an application in the browser', async () => {
  const page = 'docs/tutorials/quick-start/browser.md';
  const port = await freePort();
  const [html = ''] = blocksOf(page, 'html');
  await registerAs(page, port);
  const own = moved(html, port);
  server = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '/', 'http://localhost');
    if (pathname === '/') return void res.writeHead(200, { 'content-type': 'text/html' }).end(own);
    const file = path.join(process.cwd(), pathname);
    if (!existsSync(file)) return void res.writeHead(404).end();
    res.writeHead(200, { 'content-type': 'text/javascript' });
    createReadStream(file).pipe(res);
  });
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  const chromium = await launchChromium();
  try {
    const context = await chromium.newContext();
    context.setDefaultTimeout(15_000);
    const tab = await context.newPage();
    await tab.goto(`http://localhost:${port}/`);
    await tab.click('#in');
    await tab.fill('[name=userId]', person.userId);
    await tab.fill('[name=password]', person.password);
    await tab.click('button.button-primary');
    const keyNumber = (await tab.getAttribute('[data-key-number]', 'data-key-number')) ?? '';
    await tab.fill('[name=key]', person.keys.get(keyNumber) ?? '');
    await tab.click('button.button-primary');
    await tab.waitForSelector('[name=accept]');
    await tab.click('[name=accept]');
    await tab.locator('#who').filter({ hasText: person.fullName }).waitFor();
  } finally {
    await chromium.close();
  }
});

test('every registration in the docs is one', () => {
  const pages = [
    'docs/how-to/relying-parties.md',
    ...readdirSync('docs/tutorials/quick-start').map((one) => `docs/tutorials/quick-start/${one}`),
  ];
  const found = pages
    .flatMap((page) => blocksOf(page, 'json'))
    .filter((json) => json.includes('redirect_uris'));
  expect(found.length).toBeGreaterThan(2);
  for (const json of found) {
    const document = JSON.parse(json) as RelyingPartyInput;
    const secret = document.token_endpoint_auth_method.startsWith('client_secret')
      ? { client_secret: 'x' }
      : {};
    expect(relyingPartySchema.safeParse({ ...document, ...secret }).error).toBeUndefined();
  }
});
