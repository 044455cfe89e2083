/** The story of a sign-in, through the front door. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SUBSTANTIAL } from '../src/core/levels.ts';
import { Browser } from './support/browser.ts';
import { authRequest, payloadOf, redeem, signIn, userinfo } from './support/flow.ts';
import { Nodes } from './support/nodes.ts';
import { aPerson, aRelyingParty } from './support/people.ts';

let nodes: Nodes;
beforeAll(async () => {
  nodes = await Nodes.start({ count: 2 });
});
afterAll(() => nodes.close());

test('password and numbered key give the relying party a code, tokens and claims', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const oneSignIn = async () => {
    const before = nodes.cost;
    const request = authRequest(rp);
    const result = await signIn(new Browser(nodes), person, request);
    expect(result.get('iss')).toBe(nodes.issuer);
    const tokens = await redeem(nodes, rp, result.get('code') ?? '', request.verifier, 1);
    expect(tokens.status).toBe(200);
    const { statements, commits } = nodes.cost;
    return { tokens, statements: statements - before.statements, commits: commits - before.commits };
  };
  const { tokens } = await oneSignIn();
  // With the relying party in the nodes' caches; the README carries these figures.
  const { statements, commits } = await oneSignIn();
  const figures = `${statements} SQL statements and ${commits} commits`;
  console.info(`a sign-in: ${figures}`);
  expect(readFileSync('README.md', 'utf8')).toContain(figures);

  const claims = payloadOf(tokens.id_token);
  expect(claims).toMatchObject({ iss: nodes.issuer, acr: SUBSTANTIAL, amr: ['pwd', 'otp', 'mfa'] });
  expect(typeof claims['auth_time']).toBe('number');
  expect(claims).not.toHaveProperty(['dk.cpr']);

  const info = JSON.parse((await userinfo(nodes, tokens.access_token)).text) as Record<string, unknown>;
  expect(info).toMatchObject({ sub: claims['sub'], name: person.fullName, birthdate: '1985-07-01' });
  expect(info).not.toHaveProperty(['dk.cpr']);
  expect(info).not.toHaveProperty(['nemid.pid']);
});

/** Of a sign-in among sixteen: docs/performance.md. */
const BUDGET = { statements: 4.2, commits: 2.5 };

test(`sixteen at once take ${BUDGET.statements} SQL statements and ${BUDGET.commits} commits each, at most`, async () => {
  const one = await Nodes.start({ count: 1 });
  try {
    const rp = await aRelyingParty(one);
    const people = await Promise.all(Array.from({ length: 16 }, () => aPerson(one)));
    const signInAll = async () =>
      await Promise.all(
        people.map(async (person) => {
          const request = authRequest(rp);
          const code = (await signIn(new Browser(one), person, request)).get('code') ?? '';
          expect((await redeem(one, rp, code, request.verifier)).status).toBe(200);
        }),
      );
    // The plans are made, and the relying party is in the cache.
    await signInAll();
    const before = one.cost;
    for (let round = 0; round < 3; round += 1) await signInAll();
    const each = (what: 'statements' | 'commits') => (one.cost[what] - before[what]) / (3 * people.length);
    const [statements, commits] = [each('statements'), each('commits')];
    console.info(
      `${statements.toFixed(2)} SQL statements and ${commits.toFixed(2)} commits a sign-in, 16 at once`,
    );
    expect(statements).toBeLessThanOrEqual(BUDGET.statements);
    expect(commits).toBeLessThanOrEqual(BUDGET.commits);
  } finally {
    await one.close();
  }
});
