/** Unknown, wrong and locked get the same answer, in bytes and in response time. */
import { expect, test } from '@jest/globals';
import {
  aPerson,
  authRequest,
  TestBrowser,
  type BrowserPage,
  useNodes,
  useRelyingParty,
} from './support/index.ts';

const nodes = useNodes();
const rp = useRelyingParty(nodes);

/**
 * What an outsider sees. The CSRF token, the form's nonce, the challenge for a security key, the request
 * number, the typed name and values computed from the current time are masked.
 */
function masked(answer: BrowserPage, typedName: string): string {
  const uid = /\/login\/([^/?]+)/.exec(answer.formUrl)?.[1] ?? '-';
  const headers = Object.entries(answer.headers)
    .filter(([name]) => !['date', 'x-request-id'].includes(name))
    .map(([name, value]) => `${name}: ${String(value)}`);
  return [answer.status, ...headers, answer.text]
    .join('\n')
    .replaceAll(/name="(csrf|form)" value="[^"]*"/g, 'name="$1" value="*"')
    .replaceAll(/(&quot;challenge&quot;:&quot;)[\w-]+/g, '$1*')
    .replaceAll(/noegle-holder=[^;]+/g, 'noegle-holder=*')
    .replaceAll(/noegle-unjudged=[^;]+/g, 'noegle-unjudged=*')
    .replaceAll(/expires=[^;]+ GMT/g, 'expires=*')
    .replaceAll(uid, '*')
    .replaceAll(typedName, '*'.repeat(16));
}

/**
 * The POST and the page after it, for each of `times` attempts in one browser: each on the page of the
 * previous one.
 */
async function tries(
  typedName: string,
  password: string,
  times: number,
  ticked: Record<string, string> = {},
): Promise<string[]> {
  const browser = new TestBrowser(nodes);
  const first = await browser.follow(authRequest(rp).path);
  const seen: string[] = [];
  for (let i = 0; i < times; i += 1) {
    // The same form again would be recognised, and not verified.
    const post = await browser.post(first, { userId: typedName, password, nth: String(i), ...ticked });
    const page = await browser.follow(first.formUrl);
    seen.push(`${masked(post, typedName)}\n${masked(page, typedName)}`);
  }
  return seen;
}

test('the same status, headers and body at every count from 1 to 6, and when locked', async () => {
  const person = await aPerson(nodes, { userId: 'somebody-known-1' });
  const wrong = await tries(person.userId, 'not it at all', 6);
  const unknown = await tries('nobody-at-all-12', 'not it at all', 6);
  expect(unknown).toEqual(wrong);
  expect(wrong[3]).not.toContain('data-page="locked"');
  expect(wrong[4]).toContain('data-page="locked"');
  expect(wrong[5]).toBe(wrong[4]);

  // Locked: the right password, from a browser that has not seen the lock before.
  const [lockedRight] = await tries(person.userId, person.password, 1);
  const [lockedUnknown] = await tries('nobody-at-all-12', person.password, 1);
  const [lockedWrong] = await tries(person.userId, 'not it at all', 1);
  expect(lockedRight).toBe(lockedUnknown);
  expect(lockedRight).toBe(lockedWrong);
  // A browser with a verified form has a row; another one stores in cookies what the page mentions.
  const page = (seen = '') => seen.slice(seen.indexOf('<!doctype'));
  expect(page(lockedRight)).toContain('data-page="locked"');
  expect(page(lockedRight)).toBe(page(wrong[5]));
});

test('the same with the tick that has the user ID remembered', async () => {
  const person = await aPerson(nodes, { userId: 'somebody-known-3' });
  const tick = { rememberUserId: '1' };
  const wrong = await tries(person.userId, 'not it at all', 6, tick);
  expect(wrong[0]).toContain('noegle-remember=');
  expect(await tries('nobody-at-all-56', 'not it at all', 6, tick)).toEqual(wrong);
});

test('the lock opens automatically after eight hours, for unknown names too', async () => {
  const person = await aPerson(nodes, { userId: 'somebody-known-2' });
  await tries(person.userId, 'not it at all', 5);
  await tries('nobody-at-all-34', 'not it at all', 5);
  nodes.clock.forward(8 * 3_600_000 + 30_000);
  const wrong = await tries(person.userId, 'not it at all', 5);
  expect(await tries('nobody-at-all-34', 'not it at all', 5)).toEqual(wrong);
  expect(wrong[3]).not.toContain('data-page="locked"');
  expect(wrong[4]).toContain('data-page="locked"');
});

test('both names of an identity share their attempts', async () => {
  const person = await aPerson(nodes);
  await tries(person.userId, 'not it at all', 3);
  const [, second] = await tries(person.idNumber, 'not it at all', 2);
  expect(second).toContain('data-page="locked"');
});

test('a name is locked whatever its case and space', async () => {
  const person = await aPerson(nodes);
  await tries(person.userId.toUpperCase(), 'not it at all', 3);
  const [, second] = await tries(` ${person.userId}`, 'not it at all', 2);
  expect(second).toContain('data-page="locked"');
});
