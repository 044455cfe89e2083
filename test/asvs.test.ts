/**
 * docs/reference/asvs.md names a proof for each statement: each test that it names exists, and no requirement
 * is left out.
 */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { LOCAL_WORDS } from '../src/domain/signIn/commonPasswords.ts';
import {
  DESK_CLIENT,
  FIRST_PARTY_SESSION_HOURS,
  SELF_SERVICE_CLIENT,
} from '../src/domain/relyingParty/firstPartyClient.ts';
import { checkPassword } from '../src/domain/signIn/password.ts';
import {
  CODE_SECONDS,
  INTERACTION_SECONDS,
  REFRESH_SECONDS,
  SESSION_IDLE_SECONDS,
  SESSION_SECONDS,
  TOKEN_SECONDS,
} from '../src/oidc/tokens/lifetimes.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  tokensAt,
  useNodes,
  userinfo,
} from './support/index.ts';

/** How many requirements each section of ASVS 5.0 has, by their order. */
const REQUIREMENTS: Readonly<Record<string, number>> = {
  '6.1': 3,
  '6.2': 12,
  '6.3': 8,
  '6.4': 6,
  '6.5': 8,
  '6.6': 4,
  '6.7': 2,
  '6.8': 4,
  '7.1': 3,
  '7.2': 4,
  '7.3': 2,
  '7.4': 5,
  '7.5': 3,
  '7.6': 2,
  '9.1': 3,
  '9.2': 4,
  '10.1': 2,
  '10.2': 3,
  '10.3': 5,
  '10.4': 16,
  '10.5': 5,
  '10.6': 2,
  '10.7': 3,
};

const page = readFileSync('docs/reference/asvs.md', 'utf8');

interface Row {
  readonly id: string;
  readonly state: string;
  readonly why: string;
}

const rows: readonly Row[] = page
  .split('\n')
  .filter((line) => /^\| \d+\.\d+\.\d+ \|/.test(line))
  .map((line) => {
    const [id = '', , , state = '', why = ''] = line.slice(2, -2).split(' | ');
    return { id, state, why };
  });

/** Files, each with the quoted names that follow it. */
function namedIn(why: string): { file: string; names: string[] }[] {
  const found: { file: string; names: string[] }[] = [];
  for (const [, file, name] of why.matchAll(/`((?:test|src|migrations)\/[^`]+)`|"([^"]+)"/g)) {
    if (file !== undefined) found.push({ file, names: [] });
    else found.at(-1)?.names.push(name ?? '');
  }
  return found;
}

function isTestIn(text: string, name: string): boolean {
  return [`'${name}'`, `"${name}"`, `\`${name}\``].some((quoted) => text.includes(quoted));
}

test('each requirement is there once, in order, with a state', () => {
  const all = Object.entries(REQUIREMENTS).flatMap(([section, many]) =>
    Array.from({ length: many }, (_, index) => `${section}.${index + 1}`),
  );
  expect(rows.map(({ id }) => id)).toEqual(all);
  expect(rows.filter(({ state }) => !['met', 'part', 'not met', 'n.a.'].includes(state))).toEqual([]);
  expect(rows.filter(({ why }) => why.trim() === '')).toEqual([]);
});

test('each file and each test that it names is there', () => {
  const missing = rows.flatMap(({ id, why }) =>
    namedIn(why).flatMap(({ file, names }) => {
      if (!existsSync(file)) return [`${id}: ${file}`];
      const text = readFileSync(file, 'utf8');
      return names.filter((name) => !isTestIn(text, name)).map((name) => `${id}: ${file} "${name}"`);
    }),
  );
  expect(missing).toEqual([]);
});

test('control: a name that is nowhere is seen', () => {
  const text = readFileSync('test/asvs.test.ts', 'utf8');
  expect(isTestIn(text, 'control: a name that is nowhere is seen')).toBe(true);
  expect(isTestIn(text, ['a test', 'of nothing'].join(' '))).toBe(false);
  expect(namedIn('`test/a.test.ts` "b", "c"; `src/d.ts`')).toEqual([
    { file: 'test/a.test.ts', names: ['b', 'c'] },
    { file: 'src/d.ts', names: [] },
  ]);
});

test('what is incomplete is stated at the head of the page', () => {
  const head = page.slice(0, page.indexOf('## Chapter 6'));
  const incomplete = rows.filter(({ state }) => state === 'part' || state === 'not met').map(({ id }) => id);
  expect(incomplete.filter((id) => !head.includes(id))).toEqual([]);
});

test('the words that no password may be are those of the docs, and are refused', () => {
  const text = readFileSync('docs/reference/authentication.md', 'utf8');
  const list = /in any case:\n\n([\s\S]*?)\n\n/.exec(text)?.[1] ?? '';
  const words = [...list.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
  expect(words).toEqual([...LOCAL_WORDS]);
  for (const word of words) {
    expect([word, checkPassword(`${word.toUpperCase()}2026!`, [])]).toEqual([word, 'common']);
  }
  expect(checkPassword('en kommune i Jylland', [])).toBeNull();
});

test('the lifetimes in the docs are those of the code', () => {
  const text = readFileSync('docs/reference/sessions.md', 'utf8');
  const rowOf = (begins: string) => text.split('\n').find((line) => line.startsWith(`| ${begins}`)) ?? '';
  const hour = 3600;
  expect(rowOf('of Nøgle')).toContain(
    `| ${SESSION_IDLE_SECONDS / 60} minutes | ${SESSION_SECONDS / hour} hours `,
  );
  expect(rowOf('of the desk')).toContain(
    `| ${DESK_CLIENT.idleMinutes} minutes | ${FIRST_PARTY_SESSION_HOURS} hours |`,
  );
  expect(rowOf('of self-service')).toContain(
    `| ${SELF_SERVICE_CLIENT.idleMinutes} minutes | ${FIRST_PARTY_SESSION_HOURS} hours |`,
  );
  expect(rowOf('a code')).toContain(`| ${CODE_SECONDS} seconds, once |`);
  expect(rowOf('an access token')).toContain(`| ${TOKEN_SECONDS / 60} minutes |`);
  expect(rowOf('a family of refresh tokens')).toContain(
    `| ${REFRESH_SECONDS / (24 * hour)} days from the first`,
  );
  expect(rowOf('a sign-in under way')).toContain(`| ${INTERACTION_SECONDS / hour} hours |`);
});

const nodes = useNodes();

test('an ID token and a refresh token are no access tokens', async () => {
  const rp = await aRelyingParty(nodes, { scope: 'openid profile offline_access' });
  const offline = { scope: 'openid offline_access', prompt: 'consent' };
  const tokens = await tokensAt(nodes, new TestBrowser(nodes), await aPerson(nodes), rp, offline);
  expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
  for (const token of [tokens.id_token, tokens.refresh_token ?? '']) {
    expect((await userinfo(nodes, token)).status).toBe(401);
  }
  // Neither signs anyone in.
  const asked = await new TestBrowser(nodes).follow(authRequest(rp, { id_token_hint: tokens.id_token }).path);
  expect(asked.page).toBe('password');
});
