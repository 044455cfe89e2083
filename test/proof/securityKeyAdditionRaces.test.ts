/**
 * Races on two nodes for the addition of a security key: beside a block, of one that is confirmed many times,
 * and of one credential for two people. Each runs again with its guard removed, and must then be lost.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { packSecurityKey, type CreatedSecurityKey } from '../../src/domain/factors/securityKey.ts';
import { performActionOnce } from '../../src/features/desk/actions/performAction.ts';
import type { BlockTarget } from '../../src/domain/factors/heldFactors.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import {
  aPerson,
  holdUp,
  keyFor,
  signInAt,
  TestBrowser,
  type TestPerson,
  untilLocked,
  useNodes,
  type Guards,
  withoutGuards,
} from '../support/index.ts';
import { anAuthenticator, SECURITY_KEYS, sendCreation } from '../support/securityKeyCreation.ts';

const nodes = useNodes({ count: 2 });

const without = async <T>(guards: Guards, race: () => Promise<T>) => await withoutGuards(nodes, guards, race);

const UNIQUE = 'security_keys_credential_id_key';

/** The database takes a credential any number of times. */
async function withoutUniqueness<T>(guards: Guards, race: () => Promise<T>): Promise<T> {
  await nodes.database.query(`ALTER TABLE security_keys DROP CONSTRAINT ${UNIQUE}`);
  try {
    return await without([...guards, ['ON CONFLICT (credential_id) DO NOTHING', '']], race);
  } finally {
    await nodes.database.query('DELETE FROM security_keys');
    await nodes.database.query(`ALTER TABLE security_keys ADD CONSTRAINT ${UNIQUE} UNIQUE (credential_id)`);
  }
}

const aCredential = (): CreatedSecurityKey => ({
  credentialId: randomBytes(32),
  publicKey: randomBytes(77),
  signCount: 0,
  transports: ['usb'],
  aaguid: randomUUID(),
  isDiscoverable: true,
  isSynced: false,
  isBackedUp: false,
  isAttested: false,
});

/** As an officer adds one, on that node. */
async function add(node: number, { identityId }: TestPerson, credential = aCredential()) {
  return await performActionOnce(
    nodes.node(node).app.context,
    identityId,
    {
      kind: 'add-security-key',
      cardFormat: null,
      securityKey: { ...packSecurityKey(credential), name: 'Den blå' },
    },
    { by: 'staff', staffId: randomUUID(), reason: 'Er her selv', deed: randomUUID() },
  );
}

const block = async (node: number, { identityId }: TestPerson, what: BlockTarget) =>
  await blockTarget(nodes.node(node).app.context, identityId, what, { by: 'person' });

async function countAlive({ identityId }: TestPerson): Promise<number> {
  const [row] = await nodes.database.query<{ many: number }>(
    'SELECT count(*)::int AS many FROM security_keys WHERE identity_id = $1 AND ended_at IS NULL',
    [identityId],
  );
  return row?.many ?? 0;
}

const LOCK = 'FOR NO KEY UPDATE OF i';
const INSERT = 'INSERT INTO security_keys';

describe('a block of the ID that comes before the addition has its lock', () => {
  async function race() {
    const person = await aPerson(nodes);
    const held = holdUp(nodes, LOCK);
    const added = add(0, person);
    await held.reached;
    await block(1, person, 'identity');
    held.release();
    return { outcome: await added, alive: await countAlive(person) };
  }

  test('nothing is added', async () => {
    expect(await race()).toEqual({ outcome: 'id_blocked', alive: 0 });
  });

  test('control: where the addition does not see it, a blocked ID has a security key', async () => {
    const blind: Guards = [['i.blocked_at IS NOT NULL AS blocked', 'false AS blocked']];
    expect(await without(blind, race)).toEqual({ outcome: 'done', alive: 1 });
  });
});

describe('a block that comes while the addition is written', () => {
  /** @param waits the block waits for the addition */
  async function race(what: BlockTarget, waits: boolean) {
    const person = await aPerson(nodes);
    const held = holdUp(nodes, INSERT);
    const added = add(0, person);
    await held.reached;
    const blocked = block(1, person, what);
    await (waits ? untilLocked(nodes) : blocked);
    held.release();
    await Promise.all([added, blocked]);
    return { outcome: await added, alive: await countAlive(person) };
  }

  test.each(['identity', 'security_keys'] as const)('%s: what was added ends with it', async (what) => {
    expect(await race(what, true)).toEqual({ outcome: 'done', alive: 0 });
  });

  test('control: without the lock the block ends what is there, and the new one stays', async () => {
    const unlocked: Guards = [[LOCK, '']];
    expect(await without(unlocked, async () => await race('security_keys', false))).toMatchObject({
      alive: 1,
    });
  });
});

describe('twenty confirmations of one, each on a page of its own', () => {
  const SPENDS = 'challenge = $5 AND get_bit(spent, $5::int) = 0';

  async function race() {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    await signInAt(browser, person, '/self-service');
    const page = await browser.follow(`${SECURITY_KEYS}/add`);
    const asked = await sendCreation(browser, page, anAuthenticator(nodes));
    const copies = await Promise.all(Array.from({ length: 20 }, () => browser.copy()));
    const pages = await Promise.all(copies.map(async (copy) => await copy.follow(asked.url)));
    const key = keyFor(person, asked);
    const held = holdUp(nodes, SPENDS, 1);
    const sent = Promise.all(copies.map(async (copy, i) => await copy.post(pages[i] ?? asked, { key })));
    await held.reached;
    held.release();
    await sent;
    const [row] = await nodes.database.query<{ added: number; told: number; spent: number }>(
      `SELECT (SELECT count(*)::int FROM audit_events WHERE identity_id = $1 AND kind = 'security_key_added') AS added,
         (SELECT count(*)::int FROM notices WHERE identity_id = $1 AND kind = 'security_key_added') AS told,
         (SELECT sum(bit_count(spent))::int FROM key_cards WHERE identity_id = $1) AS spent`,
      [person.identityId],
    );
    return { ...row, alive: await countAlive(person) };
  }

  test('one adds it, and spends the one key', async () => {
    // One key was spent at the sign-in.
    expect(await race()).toEqual({ added: 1, told: 1, spent: 2, alive: 1 });
  });

  test('control: without the conditions of key, confirmation and credential several do', async () => {
    const guards: Guards = [
      [SPENDS, '$5::int >= 0'],
      ['f.expires_at > $6 AND f.done_at IS NULL', 'f.expires_at > $6'],
      ['WHERE id = $1 AND done_at IS NULL AND EXISTS', 'WHERE id = $1 AND EXISTS'],
    ];
    expect((await withoutUniqueness(guards, race)).alive).toBeGreaterThan(1);
  });
});

describe('one credential for two people at once', () => {
  async function race() {
    const people = [await aPerson(nodes), await aPerson(nodes)] as const;
    const credential = aCredential();
    const held = holdUp(nodes, INSERT, 2);
    const added = Promise.all([add(0, people[0], credential), add(1, people[1], credential)]);
    await held.reached;
    held.release();
    const alive = [await added, await countAlive(people[0]), await countAlive(people[1])] as const;
    return { outcomes: [...alive[0]].sort(), alive: alive[1] + alive[2] };
  }

  test('one of them has it, and the other is told that it is known', async () => {
    for (let round = 0; round < 5; round += 1)
      expect(await race()).toEqual({ outcomes: ['done', 'security_key_known'], alive: 1 });
  });

  test('control: without the constraint both have it', async () => {
    expect(await withoutUniqueness([], race)).toEqual({ outcomes: ['done', 'done'], alive: 2 });
  });
});
