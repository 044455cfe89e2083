/** A relying party that publishes its keys at an address of its own: its outage stops nobody, and a key that it took back is bad soon. */
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JWK } from 'jose';
import { aKey, signInWithKey, type ClientKey } from './support/clientAssertions.ts';
import { Nodes } from './support/nodes.ts';
import { freePort } from './support/ports.ts';
import { aPerson, aRelyingParty, type TestPerson, type TestRelyingParty } from './support/people.ts';
import { expectWithin } from './support/timed.ts';

/** Its server: answers with its keys, says no, or says nothing at all. */
let way: 'answers' | 'fails' | 'hangs' = 'answers';
let asked = 0;
let published: JWK[] = [];
let server: Server;
let nodes: Nodes;
let person: TestPerson;
let rp: TestRelyingParty;
beforeAll(async () => {
  const port = await freePort();
  server = createServer((_req, res) => {
    asked += 1;
    if (way === 'hangs') return;
    res.writeHead(way === 'answers' ? 200 : 500, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${port}`;
  nodes = await Nodes.start({ count: 2, privateOrigins: [origin] });
  person = await aPerson(nodes);
  rp = await aRelyingParty(nodes, {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${origin}/jwks`,
  });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await nodes.close();
});

const signInWith = async (key: ClientKey, node = 0) => await signInWithKey(nodes, { rp, person, node }, key);

test('away after its keys were read once: sign-ins go on, on every node and after a restart', async () => {
  const key = await aKey('first');
  published = [key.jwk];
  expect((await signInWith(key)).status).toBe(200);
  for (const bad of ['fails', 'hangs'] as const) {
    way = bad;
    for (const node of [0, 1])
      expect([bad, node, (await signInWith(key, node)).status]).toEqual([bad, node, 200]);
    await nodes.restart();
    asked = 0;
    const { status, atRp } = await signInWith(key, 1);
    expect([bad, status]).toEqual([bad, 200]);
    // Nobody who signs in waits for a server of the relying party.
    expectWithin(atRp, 2_000);
  }
  way = 'answers';
}, 60_000);

test('a key that it took back is bad when it was read again, a new one good at once', async () => {
  const [old, young] = [await aKey('old'), await aKey('young')];
  published = [old.jwk];
  await nodes.restart();
  expect((await signInWith(old)).status).toBe(200);
  published = [young.jwk];
  // As if the minute had passed in which they are not read again: nothing is kept but what the database has.
  await nodes.restart();
  expect((await signInWith(young)).status).toBe(200);
  expect((await signInWith(old)).status).toBe(401);
});

test('a key that was never read cannot be made up for', async () => {
  const key = await aKey('never');
  const other = await aRelyingParty(nodes, {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: 'https://keys.nowhere.invalid/jwks',
  });
  const before = rp;
  rp = other;
  expect((await signInWith(key)).status).toBe(401);
  rp = before;
});
