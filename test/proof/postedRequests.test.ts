/**
 * A form on another site posts the authorization request: a real browser then sends Nøgle's cookies with the
 * redirect, which are SameSite=Lax.
 */
import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  authRequest,
  useChromium,
  useNodes,
  usePerson,
  useRelyingParty,
  useServer,
} from '../support/index.ts';

/** In two or three cookies, each as long as the browser stores them. */
const LONG = randomBytes(6_000).toString('base64url');

/** The authorization responses that reached the callback. */
const responses: URLSearchParams[] = [];
/** The request whose form the site shows next, and the target of the form. */
let shown = { path: '', target: '_self' };
const chromium = useChromium();
/** The nodes are `localhost`: this is another site. */
const site = useServer((req, res) => {
  const url = new URL(req.url ?? '/', 'http://site');
  if (url.pathname === '/cb') responses.push(url.searchParams);
  res
    .writeHead(200, { 'content-type': 'text/html' })
    .end(url.pathname === '/form' ? form() : '<p id="back">back');
});
const nodes = useNodes();
const person = usePerson(nodes);
const rp = useRelyingParty(nodes, () => ({ redirect_uris: [`${site.origin}/cb`] }));

function form(): string {
  const fields = [...new URLSearchParams(shown.path.slice('/auth?'.length))];
  const inputs = fields.map(([name, value]) => `<input type="hidden" name="${name}" value='${value}'>`);
  return `<iframe name="hidden" hidden></iframe><form method="post" action="${nodes.issuer}/auth" target="${shown.target}">
    ${inputs.join('')}<button id="send">send</button></form>`;
}

async function post(page: Page, params: Record<string, string>, target = '_self'): Promise<void> {
  const request = authRequest({ ...rp, redirectUri: `${site.origin}/cb` }, params);
  shown = { path: request.path, target };
  await page.goto(`${site.origin}/form`);
  await page.click('#send', { noWaitAfter: true });
}

async function nextAnswer(): Promise<URLSearchParams> {
  for (let i = 0; i < 200 && responses.length === 0; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const [answer] = responses.splice(0);
  if (!answer) throw new Error('nothing came back');
  nodes.secrets.add(answer.get('code') ?? undefined, 'code');
  return answer;
}

test('short and long, signed in and not, in the window and in a hidden frame', async () => {
  const page = await (await chromium.newContext()).newPage();
  page.setDefaultTimeout(15_000);
  for (const state of ['short', LONG]) {
    await post(page, { prompt: 'none', state }, 'hidden');
    const signedOut = await nextAnswer();
    expect([signedOut.get('error'), signedOut.get('state')]).toEqual(['login_required', state]);
  }
  await post(page, { state: LONG });
  await page.fill('[name=userId]', person.userId);
  await page.fill('[name=password]', person.password);
  await page.click('button.button-primary');
  const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
  await page.fill('[name=key]', person.keys.get(number ?? '') ?? '');
  await page.click('button.button-primary');
  await page.waitForSelector('#back');
  expect((await nextAnswer()).has('code')).toBe(true);
  for (const state of ['short', LONG]) {
    await post(page, { prompt: 'none', state });
    const answer = await nextAnswer();
    // The site has it before the window shows it: the next one begins where this one ended.
    await page.waitForURL('**/cb?*');
    expect([answer.has('code'), answer.get('state')]).toEqual([true, state]);
  }
}, 90_000);
