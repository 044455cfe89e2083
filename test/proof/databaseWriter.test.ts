/**
 * An attacker who can write to the database, without the key rings: signs in as no one else, reads no one's
 * CPR number, moves no hash. Each attack runs twice: where rows need a MAC, and where they do not, to show
 * that it works there.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { blockTarget } from '../../src/features/factors/block.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  keyFor,
  Nodes,
  readReturnedCode,
  signInAt,
  type TestPerson,
  toKeyPage,
} from '../support/index.ts';
import { WAYS as WAYS_AT_REST } from '../support/databaseWriter.ts';
import { WAYS_TO_SECURITY_KEYS } from '../support/securityKeyWriter.ts';
import { WAYS_IN_BETWEEN } from '../support/writerInBetween.ts';

const WAYS = [...WAYS_AT_REST, ...WAYS_TO_SECURITY_KEYS, ...WAYS_IN_BETWEEN];

describe('where every row has to be bound', () => {
  let nodes: Nodes;
  beforeAll(async () => {
    nodes = await Nodes.start({ count: 2, binding: () => 'require', proxyHops: 1 });
  });
  afterAll(() => nodes.close());

  test('there are twelve ways at least', () => {
    expect(WAYS.length).toBeGreaterThanOrEqual(12);
  });

  test.each(WAYS)('leads nowhere: $name', async ({ walk }) => {
    expect(await walk(nodes)).toBe(false);
  });

  test('what a writer did is an alarm in the log, and a calm page for the person who meets it', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    await nodes.database.query(`UPDATE identities SET proofing = 'Low' WHERE id = $1`, [person.identityId]);
    const page = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    expect([page.status, page.page]).toEqual([500, 'trouble']);
    expect(page.text).toContain('Vi kan ikke gå videre lige nu');
    expect(page.text).toContain('tel:70102030');
    expect(nodes.log).toContain('ALARM: the row of this identity');
    const counted = await nodes.database.query<{ wrong: number }>(
      'SELECT wrong FROM attempts WHERE subject = (SELECT password_tries FROM identities WHERE id = $1)',
      [person.identityId],
    );
    expect(counted.every(({ wrong }) => wrong === 0)).toBe(true);
    // What only takes away is still done.
    expect(await blockTarget(nodes.context, person.identityId, 'identity', { by: 'person' })).toBe('done');
  });

  /** Two of those that docs/explanation/threat-model.md names. */
  describe('what remains', () => {
    const stateOf = async ({ cardId }: TestPerson) => {
      const [card] = await nodes.database.query<{ spent: string; challenge: number | null }>(
        'SELECT spent::text, challenge FROM key_cards WHERE id = $1',
        [cardId],
      );
      return card;
    };

    test('an earlier value is restored: a spent key signs in again', async () => {
      const person = await aPerson(nodes);
      const rp = await aRelyingParty(nodes);
      const browser = new TestBrowser(nodes);
      const first = await toKeyPage(browser, person, authRequest(rp));
      const before = await stateOf(person);
      const key = keyFor(person, first);
      expect(readReturnedCode(await browser.send(first, { key })).get('code')).toBeTruthy();
      await nodes.database.query('UPDATE key_cards SET spent = $2::bit(148), challenge = $3 WHERE id = $1', [
        person.cardId,
        before?.spent,
        before?.challenge,
      ]);
      const other = new TestBrowser(nodes);
      const again = await toKeyPage(other, person, authRequest(rp));
      expect(keyFor(person, again)).toBe(key);
      expect(readReturnedCode(await other.send(again, { key })).get('code')).toBeTruthy();
    });

    test('staff is inserted', async () => {
      const person = await aPerson(nodes);
      await nodes.database.query(
        `INSERT INTO staff (id, identity_id, role, proposed_at, approved_at)
         VALUES (gen_random_uuid(), $1, 'operator', now(), now())`,
        [person.identityId],
      );
      const home = await signInAt(new TestBrowser(nodes), person);
      expect(home.page).not.toBe('desk-refused');
      expect(home.status).toBe(200);
    });
  });
});

describe('where rows are not bound yet', () => {
  let nodes: Nodes;
  beforeAll(async () => {
    nodes = await Nodes.start({ count: 2, binding: () => 'read', proxyHops: 1 });
  });
  afterAll(() => nodes.close());

  test.each(WAYS.filter(({ heldBefore }) => !heldBefore))('leads somewhere: $name', async ({ walk }) => {
    expect(await walk(nodes)).toBe(true);
  });
});
