/**
 * Row MACs are written at every change of a row and by the command that backfills them; passwords are hashed
 * with a key.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runBindRows } from '../src/cli/binding.ts';
import { createCommandRecorder } from '../src/cli/operator.ts';
import type { BindingMode } from '../src/domain/rowMac.ts';
import { hashPassword, isRehashNeeded, verifyPassword } from '../src/features/identity/keyedPassword.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  hiddenFields,
  keyFor,
  type BrowserPage,
  signInAtNode,
  signInAt,
  type TestPerson,
  toKeyPage,
  useNodes,
} from './support/index.ts';

let mode: BindingMode | undefined = 'read';
const nodes = useNodes({ binding: () => mode });

const go = async (to?: BindingMode) => {
  mode = to;
  await nodes.restart();
};
const record = createCommandRecorder({ account: 'test', by: null }, 'bind-rows');
const app = () => nodes.node(0).app;
const hashOf = async ({ identityId }: TestPerson) => {
  const [row] = await nodes.database.query<{ password_hash: string }>(
    'SELECT password_hash FROM identities WHERE id = $1',
    [identityId],
  );
  return row?.password_hash ?? '';
};
const signInOnce = async (person: TestPerson, rp: Awaited<ReturnType<typeof aRelyingParty>>) =>
  (await signInAtNode(new TestBrowser(nodes), person, authRequest(rp))).get('code');
/** Waits for what continues after the answer. */
const keyedHashOf = async (person: TestPerson) => {
  for (let tries = 0; tries < 200; tries += 1) {
    const hash = await hashOf(person);
    if (hash.startsWith('keyed:')) return hash;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it was not hashed again');
};

describe('the way to the end', () => {
  test('nothing is bound at "read", and the command says so', async () => {
    const person = await aPerson(nodes);
    expect(await hashOf(person)).toMatch(/^\$argon2id\$/);
    await signInAtNode(
      new TestBrowser(nodes),
      person,
      authRequest(await aRelyingParty(nodes, { trusted: false })),
    );
    const rowAuthenticator = await nodes.database.query(
      `SELECT mac FROM identities UNION SELECT mac FROM relying_parties UNION SELECT mac FROM consents`,
    );
    expect(rowAuthenticator).toEqual([{ mac: null }]);
    await expect(runBindRows(app(), {}, record)).rejects.toThrow('"write"');
  });

  test('what was there is filled, a password is keyed when it is given, and both stay valid', async () => {
    const rp = await aRelyingParty(nodes);
    const [withPassword, withoutPassword] = [await aPerson(nodes), await aPerson(nodes)];
    await go('write');
    expect(await signInOnce(withPassword, rp)).toBeTruthy();
    const keyed = await keyedHashOf(withPassword);
    expect(keyed).toMatch(/^keyed:k1\$argon2id\$v=19\$m=/);
    expect((await runBindRows(app(), { check: true }, record)).failure).toBeTruthy();

    const filled = await runBindRows(app(), {}, record);
    expect(filled).toMatchObject({ json: { wrong: 0 } });
    expect(filled.text).toContain('"binding" may be "require" now');
    await go('require');
    for (const person of [withPassword, withoutPassword]) expect(await signInOnce(person, rp)).toBeTruthy();
    expect(await runBindRows(app(), { check: true }, record)).not.toHaveProperty('failure');
    await go('read');
    for (const person of [withPassword, withoutPassword]) expect(await signInOnce(person, rp)).toBeTruthy();
    await go('require');
  });

  test('at "require" nothing that was changed by hand is bound, but for what an operator accepts', async () => {
    const rp = await aRelyingParty(nodes);
    const person = await aPerson(nodes);
    await nodes.database.query(`UPDATE identities SET mac = NULL, proofing = 'Substantial' WHERE id = $1`, [
      person.identityId,
    ]);
    expect((await runBindRows(app(), {}, record)).failure).toBeTruthy();
    const checked = await runBindRows(app(), { check: true }, record);
    expect(checked.text).toContain(person.identityId);
    expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(rp))).page).toBe('trouble');
    await runBindRows(app(), { accept: person.identityId }, record);
    expect(await signInOnce(person, rp)).toBeTruthy();
    const events = await nodes.database.query(
      `SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'identity_accepted'`,
      [person.identityId],
    );
    expect(events).toHaveLength(1);
    await expect(runBindRows(app(), { accept: 'nobody' }, record)).rejects.toThrow('--accept');
  });
});

test('a node without the setting does what the others were set to last', async () => {
  await go();
  expect(app().context.database.rowAuthenticator.mode).toBe('require');
  await go('require');
});

describe('a keyed password', () => {
  const options = { identity: null };

  test('fits only its identity, in either form, and is hashed again where it is not keyed', async () => {
    const { context } = app();
    const [one, other] = ['an identity', 'another'];
    const stored = await hashPassword(context, one, 'et kodeord');
    const verify = async (identityId: string | null, text: string | null, password = 'et kodeord') =>
      await verifyPassword(context, { identityId, stored: text, isOfLetter: true }, password, options);
    expect(await verify(one, stored)).toBe(true);
    expect(await verify(one, stored, 'et andet')).toBe(false);
    expect(await verify(other, stored)).toBe(false);
    expect(await verify(null, null)).toBe(false);
    const plain = await context.hasher.hash('et kodeord');
    expect(await verify(one, plain)).toBe(true);
    expect(await verify(one, `keyed:k9${plain}`)).toBe(false);
    expect([isRehashNeeded(context, stored), isRehashNeeded(context, plain)]).toEqual([false, true]);
  });
});

/** Columns of `identities` and `people` that the MAC covers. */
const BOUND =
  /\b(person_id|id_number|user_id|password_hash|public_sites|public_ended_at|proofing|blocked_at|closed_at|ended_at|given_name|family_name|name_is_whole|birthdate|pid|cpr_sealed|cpr_lookup)\s*=/;
const BINDS =
  /changeIdentity|restrictIdentity|changePersonOfIdentity|changeRegistration|runRegistrationChange|bindNewIdentity|bindIdentityRow|await change\(|change\(db,/;

describe('a change in self-service that waits for a key', () => {
  const askForCard = async (person: TestPerson) => {
    const browser = new TestBrowser(nodes);
    await signInAt(browser, person, '/self-service');
    return {
      browser,
      asked: await browser.send(await browser.follow('/self-service/card'), { do: 'order' }),
    };
  };
  const idOf = ({ url }: BrowserPage) => new URL(url).pathname.split('/').at(-1) ?? '';
  const cardsOf = async ({ identityId, cardId }: TestPerson) => {
    const [row] = await nodes.database.query(
      `SELECT count(*)::int AS cards, max(bit_count(spent)::int) FILTER (WHERE id = $2) AS spent
       FROM key_cards WHERE identity_id = $1`,
      [identityId, cardId],
    );
    return row;
  };

  test('is written at "read" as the previous version reads it, and continues at "write"', async () => {
    await go('read');
    const anna = await aPerson(nodes);
    const { browser, asked } = await askForCard(anna);
    const [row] = await nodes.database.query<{ deed_sealed: Buffer }>(
      'SELECT deed_sealed FROM confirmations WHERE id = $1',
      [idOf(asked)],
    );
    const opened = app().context.keyring.open(
      'records',
      row?.deed_sealed ?? Buffer.alloc(0),
      `confirmation v1 ${idOf(asked)}`,
    );
    expect(JSON.parse(opened)).toEqual({ kind: 'order_card' });
    await go('write');
    await browser.send(asked, { key: keyFor(anna, asked) });
    expect(await cardsOf(anna)).toEqual({ cards: 2, spent: 2 });
    const bo = await aPerson(nodes);
    const later = await askForCard(bo);
    await go('read');
    await later.browser.send(later.asked, { key: keyFor(bo, later.asked) });
    expect(await cardsOf(bo)).toEqual({ cards: 2, spent: 2 });
  });

  test.each(['write', 'require'] as const)(
    'at %j it opens in the session in which it was asked for only',
    async (to) => {
      await go('write');
      const [thief, anna] = [await aPerson(nodes), await aPerson(nodes)];
      const [written, own] = [await askForCard(thief), await askForCard(anna)];
      await runBindRows(app(), {}, record);
      await go(to);
      await nodes.database.query(
        `UPDATE confirmations c SET own_session = a.own_session, identity_id = a.identity_id
         FROM confirmations a WHERE c.id = $1 AND a.id = $2`,
        [idOf(written.asked), idOf(own.asked)],
      );
      const seen = await own.browser.follow(written.asked.url);
      expect([seen.status, seen.page]).toEqual([500, 'trouble']);
      const ownForm = { ...hiddenFields(own.asked), key: keyFor(anna, own.asked) };
      const sent = await own.browser.send(written.asked, ownForm);
      expect([sent.status, sent.page]).toEqual([500, 'trouble']);
      expect(await cardsOf(anna)).toEqual({ cards: 1, spent: 1 });
      await own.browser.send(own.asked, { key: keyFor(anna, own.asked) });
      expect(await cardsOf(anna)).toEqual({ cards: 2, spent: 2 });
    },
  );
});

test('every function that changes what is bound binds it', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => /^db\/|\.queries\.ts$/.test(file) && file.endsWith('.ts') && !file.startsWith('db/binding'),
    )
    .map((file) => readFileSync(path.join('src', file), 'utf8'));
  const found: string[] = [];
  for (const text of files) {
    for (const [, name = '', statement = ''] of text.matchAll(/const ([A-Z_]+) = sql`([^`]*)`/g)) {
      const [, set = ''] =
        /UPDATE (?:identities|people)\b[^]*?\bSET\b([^]*?)(?:\bWHERE\b|\bFROM\b|$)/.exec(statement) ?? [];
      const changes = BOUND.test(set) || /(UPDATE|INTO) relying_parties|INTO identities/.test(statement);
      if (!changes) continue;
      found.push(name);
      const using = text
        .split(/^export async function /m)
        .filter((part) => new RegExp(`\\b${name}\\b[,)]`).test(part));
      expect([name, using.length > 0 && using.every((part) => BINDS.test(part))]).toEqual([name, true]);
    }
  }
  expect(found.length).toBeGreaterThanOrEqual(18);
});

/** Columns that no statement changes in an existing row: the MAC is made with the row. */
const FIXED: Readonly<Record<string, RegExp>> = {
  letters: /\b(kind|identity_id|card_id|password_hash|to_former_address)\s*=/,
  own_sessions: /\b(client_id|identity_id|session_uid)\s*=/,
  oidc_records:
    /\b(model|account_id|client_id|grant_id|uid|login_at|started_at|password_at|acr|expires_at)\s*=/,
};

test('what is bound once stays as it is', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  let found = 0;
  for (const file of files) {
    const text = readFileSync(path.join('src', file), 'utf8');
    const updates = text.matchAll(/UPDATE (\w+)(?: \w)?\s+SET\b([^]*?)(?:\bWHERE\b|\bFROM\b|`)/g);
    for (const [, table = '', set = ''] of updates) {
      const fixed = FIXED[table];
      if (!fixed) continue;
      found += 1;
      expect([file, table, fixed.test(set)]).toEqual([file, table, false]);
    }
  }
  expect(found).toBeGreaterThanOrEqual(20);
});
