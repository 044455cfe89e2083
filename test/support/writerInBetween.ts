/**
 * An attacker who can write to the database without a key ring, at the critical moment: between Nøgle's
 * verification and use, while it waits for something, or by a trigger in the middle of its writes.
 */
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashClientSecret } from '../../src/domain/relyingParty/clientSecrets.ts';
import { rotateClientSecret } from '../../src/db/oidc/clientRegistrations.ts';
import { backfillAllUserIdForms } from '../../src/features/authentication/userIdForms.ts';
import { BY_SYSTEM, applyCardCommand } from '../../src/features/identity/cardCommands.ts';
import { readDeliveredLetters, issueApplication, printedLetters, sendAllLetters } from './applications.ts';
import { TestBrowser } from './browser.ts';
import type { WriterAttack } from './databaseWriter.ts';
import { signInAt } from './desk.ts';
import { hash } from '@node-rs/argon2';
import { authRequest, keyFor, redeemCode, signInAtNode, toKeyPage, userinfo } from './flow.ts';
import { CHEAP, type Nodes } from './nodes.ts';
import { aPerson, aRelyingParty, type TestPerson } from './people.ts';

const MOST_TRIES = 60;
const TRIES_OF_LETTER = 15;
/** With two persons alternating, each letter gets one of them: of twenty letters one gets the other. */
const MOST_VICTIMS = 20;

async function connected<T>(
  nodes: Nodes,
  work: (...clients: [pg.Client, pg.Client]) => Promise<T>,
): Promise<T> {
  const clients: [pg.Client, pg.Client] = [
    new pg.Client(nodes.database.url),
    new pg.Client(nodes.database.url),
  ];
  try {
    for (const client of clients) await client.connect();
    return await work(...clients);
  } finally {
    for (const client of clients) await client.end();
  }
}

async function personOf(nodes: Nodes, identityId: string): Promise<string> {
  const [row] = await nodes.database.query<{ person_id: string }>(
    'SELECT person_id FROM identities WHERE id = $1',
    [identityId],
  );
  return row?.person_id ?? '';
}

/** At the page that asks for the key of another user ID, or of another password. */
async function askForChange(nodes: Nodes, person: TestPerson, fields: Record<string, string>) {
  const browser = new TestBrowser(nodes);
  await signInAt(browser, person, '/self-service');
  const form = await browser.follow('/self-service/sign-in');
  const asked = await browser.send(form, { ...fields, currentPassword: person.password });
  return { browser, asked };
}

async function claimsOf(nodes: Nodes, person: TestPerson, userIds: readonly string[]) {
  const rp = await aRelyingParty(nodes);
  for (const userId of userIds) {
    const request = authRequest(rp, { scope: 'openid profile ssn nemid.pid' });
    const browser = new TestBrowser(nodes);
    const code = await signInAtNode(browser, { ...person, userId }, request)
      .then((answer) => answer.get('code'))
      .catch(() => null);
    if (!code) continue;
    const tokens = await redeemCode(nodes, rp, code, request.verifier);
    const answer = await userinfo(nodes, tokens.access_token);
    if (answer.status === 200) return JSON.parse(answer.text) as Record<string, unknown>;
  }
  return {};
}

/** Creates a trigger for the duration of the work. */
async function withTrigger<T>(
  nodes: Nodes,
  { table, name, body }: { table: string; name: string; body: string },
  work: () => Promise<T>,
): Promise<T> {
  await nodes.database.query(
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NEW; END $$`,
  );
  await nodes.database.query(
    `CREATE TRIGGER ${name} BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}()`,
  );
  try {
    return await work();
  } finally {
    await nodes.database.query(`DROP TRIGGER ${name} ON ${table}`);
    await nodes.database.query(`DROP FUNCTION ${name}()`);
  }
}

/** For the duration of the work the identity's person alternates between the two. */
async function whileTurning<T>(
  nodes: Nodes,
  { identityId, between }: { identityId: string; between: readonly [string, string] },
  work: () => Promise<T>,
): Promise<T> {
  return await connected(nodes, async (writer) => {
    const over = new AbortController();
    const turn = async () => {
      while (!over.signal.aborted) {
        for (const person of between) {
          await writer.query('UPDATE identities SET person_id = $1 WHERE id = $2', [person, identityId]);
        }
        await sleep(1);
      }
    };
    const turning = turn();
    try {
      return await work();
    } finally {
      over.abort();
      await turning;
      await writer.query('UPDATE identities SET person_id = $1 WHERE id = $2', [between[0], identityId]);
    }
  });
}

/** Gives the identity another person: a unique constraint forbids two identities with the same one. */
async function putAside(nodes: Nodes, identityId: string): Promise<void> {
  await nodes.database.query(
    `WITH other AS (INSERT INTO people (id, given_name, family_name, birthdate, language, pid)
       VALUES (gen_random_uuid(), 'x', 'y', '1980-01-01', 'da', gen_random_uuid()::text) RETURNING id)
     UPDATE identities SET person_id = other.id FROM other WHERE identities.id = $1`,
    [identityId],
  );
}

/** Whether a new person's letters are printed for the person who is in the row at the right moment. */
async function hasOwnLetters(nodes: Nodes, own: TestPerson, mine: string): Promise<boolean> {
  const identityId = await issueApplication(nodes);
  const { temporaryPassword } = await readDeliveredLetters(nodes, identityId);
  const theirs = await personOf(nodes, identityId);
  const isSent = async () =>
    (
      await nodes.database.query(
        `SELECT FROM letters WHERE identity_id = $1 AND kind = 'password' AND state = 'sent'`,
        [identityId],
      )
    ).length > 0;
  await whileTurning(nodes, { identityId, between: [theirs, mine] }, async () => {
    for (let i = 0; i < TRIES_OF_LETTER && !(await isSent()); i += 1) {
      await nodes.database.query(
        `UPDATE letters SET state = 'waiting', try_at = now(), tries = 0
         WHERE identity_id = $1 AND state IN ('waiting', 'set_aside')`,
        [identityId],
      );
      await nodes.database.query('DELETE FROM letter_days WHERE identity_id = $1', [identityId]);
      await nodes.node(0).app.tasks['sendLetters']?.({});
    }
  });
  const printed = await printedLetters(nodes, own.fullName).catch(() => []);
  return printed.some((letter) => JSON.stringify(letter).includes(temporaryPassword));
}

const NAMES = 'given_name, family_name, name_is_whole, birthdate';

export const WAYS_IN_BETWEEN: readonly WriterAttack[] = [
  {
    name: 'the names of another, while a change of theirs waits for a user ID',
    walk: async (nodes) => {
      const [own, victim, third] = [await aPerson(nodes), await aPerson(nodes), await aPerson(nodes)];
      const userId = `between-${own.userId}`;
      await backfillAllUserIdForms(nodes.context);
      const { browser, asked } = await askForChange(nodes, own, { do: 'user-id', userId });
      const before = (await claimsOf(nodes, victim, [victim.userId]))['name'];
      await connected(nodes, async (holder, writer) => {
        await holder.query('BEGIN');
        await holder.query('UPDATE identities SET user_id = $1 WHERE id = $2', [userId, third.identityId]);
        const changing = browser.send(asked, { key: keyFor(own, asked) });
        const waits = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
          AND query LIKE '%SET user_id = %'`;
        for (let i = 0; i < 300 && (await writer.query(waits)).rowCount === 0; i += 1) await sleep(10);
        await writer.query(
          `UPDATE people p SET (${NAMES}) = (SELECT ${NAMES} FROM people v WHERE v.id = $2) WHERE p.id = $1`,
          [await personOf(nodes, own.identityId), await personOf(nodes, victim.identityId)],
        );
        await holder.query('ROLLBACK');
        await changing;
      });
      return (await claimsOf(nodes, own, [userId, own.userId]))['name'] === before;
    },
  },
  {
    name: 'the person of another, by a trigger at a change of theirs',
    walk: async (nodes) => {
      const [own, victim] = [await aPerson(nodes), await aPerson(nodes)];
      const userId = `trigger-${own.userId}`;
      const { browser, asked } = await askForChange(nodes, own, { do: 'user-id', userId });
      const person = await personOf(nodes, victim.identityId);
      await putAside(nodes, victim.identityId);
      const body = `IF NEW.id = '${own.identityId}' AND NEW.user_id IS DISTINCT FROM OLD.user_id
        THEN NEW.person_id := '${person}'; END IF;`;
      await withTrigger(nodes, { table: 'identities', name: 'turned', body }, async () => {
        await browser.send(asked, { key: keyFor(own, asked) });
      });
      return (await claimsOf(nodes, own, [userId, own.userId]))['dk.cpr'] === victim.cpr;
    },
  },
  {
    name: 'a password of theirs, by a trigger when another chooses one',
    walk: async (nodes) => {
      const victim = await aPerson(nodes);
      const [password, known] = ['et nyt og langt kodeord', 'kendt af en anden'];
      for (const secret of [password, known]) nodes.secrets.add(secret, 'password');
      const { browser, asked } = await askForChange(nodes, victim, { do: 'password', password });
      const body = `IF NEW.id = '${victim.identityId}' AND NEW.password_hash IS DISTINCT FROM OLD.password_hash
        THEN NEW.password_hash := '${await hash(known, CHEAP)}'; END IF;`;
      await withTrigger(nodes, { table: 'identities', name: 'chosen', body }, async () => {
        await browser.send(asked, { key: keyFor(victim, asked) });
      });
      const rp = await aRelyingParty(nodes);
      const page = await toKeyPage(new TestBrowser(nodes), { ...victim, password: known }, authRequest(rp));
      return page.page === 'key';
    },
  },
  {
    name: 'another redirect address, by a trigger at a change of a relying party',
    walk: async (nodes) => {
      const rp = await aRelyingParty(nodes);
      const body = `IF NEW.client_id = '${rp.clientId}' AND NEW.version > OLD.version
        THEN NEW.metadata := jsonb_set(NEW.metadata, '{redirect_uris,0}', '"https://thief.example/cb"'); END IF;`;
      await withTrigger(nodes, { table: 'relying_parties', name: 'led', body }, async () => {
        const secret = hashClientSecret(nodes.context.keyring, 'another-secret-of-it');
        await rotateClientSecret(nodes.context.database, rp.clientId, secret).catch(() => false);
      });
      // The nodes read it again.
      await sleep(2_500);
      const request = authRequest({ ...rp, redirectUri: 'https://thief.example/cb' });
      return (await new TestBrowser(nodes).follow(request.path)).page === 'password';
    },
  },
  {
    name: 'letters, by a person who is theirs for the moment that they are addressed',
    walk: async (nodes) => {
      const own = await aPerson(nodes);
      const mine = await personOf(nodes, own.identityId);
      await putAside(nodes, own.identityId);
      for (let victim = 0; victim < MOST_VICTIMS; victim += 1) {
        if (await hasOwnLetters(nodes, own, mine)) return true;
      }
      return false;
    },
  },
  {
    name: 'a password of theirs, which is in the row for as long as it is compared',
    walk: async (nodes) => {
      const victim = await aPerson(nodes);
      const known = 'kendt af en anden';
      nodes.secrets.add(known, 'password');
      const rp = await aRelyingParty(nodes);
      const request = authRequest(rp, { scope: 'openid' });
      const browser = new TestBrowser(nodes);
      const first = await browser.follow(request.path);
      const [before] = await nodes.database.query<{ password_hash: string }>(
        'SELECT password_hash FROM identities WHERE id = $1',
        [victim.identityId],
      );
      const setHash = 'UPDATE identities SET password_hash = $2 WHERE id = $1';
      await nodes.database.query(setHash, [victim.identityId, await hash(known, CHEAP)]);
      const answer = await browser.post(first, { userId: victim.userId, password: known });
      await nodes.database.query(setHash, [victim.identityId, before?.password_hash]);
      const { location } = answer.headers;
      const page = location === undefined ? answer : await browser.follow(location);
      if (page.page !== 'key') return false;
      const end = await browser.send(page, { key: keyFor(victim, page) });
      return end.page === 'consent' || end.headers.location?.includes('code=') === true;
    },
  },
  {
    name: 'a card of theirs, which is the card of another when it is printed',
    heldBefore: true,
    walk: async (nodes) => {
      const [own, victim] = [await aPerson(nodes), await aPerson(nodes)];
      await applyCardCommand(nodes.context, own.identityId, { kind: 'order' }, BY_SYSTEM);
      const [card] = await nodes.database.query<{ id: string }>(
        `UPDATE key_cards SET identity_id = $2 WHERE identity_id = $1 AND state = 'ordered' RETURNING id`,
        [own.identityId, victim.identityId],
      );
      await sendAllLetters(nodes);
      const printed = await printedLetters(nodes, own.fullName).catch(() => []);
      const keys = printed.find(({ kind }) => kind === 'card')?.['keys'] as
        | Record<string, string>
        | undefined;
      for (const key of Object.values(keys ?? {})) nodes.secrets.keys.add(key);
      await nodes.database.query(`UPDATE key_cards SET state = 'replaced' WHERE id = $1`, [victim.cardId]);
      await nodes.database.query(`UPDATE key_cards SET state = 'active', activates_at = NULL WHERE id = $1`, [
        card?.id,
      ]);
      const claims = await claimsOf(nodes, { ...victim, keys: new Map(Object.entries(keys ?? {})) }, [
        victim.userId,
      ]);
      return claims['dk.cpr'] === victim.cpr;
    },
  },
  {
    name: 'the e-mail address of another, at self-service of their own',
    walk: async (nodes) => {
      const email = `victim-${Math.floor(performance.now())}@mail.example`;
      const [own, victim] = [await aPerson(nodes), await aPerson(nodes, { email })];
      const between = [
        await personOf(nodes, own.identityId),
        await personOf(nodes, victim.identityId),
      ] as const;
      const browser = new TestBrowser(nodes);
      await signInAt(browser, own, '/self-service');
      await putAside(nodes, victim.identityId);
      return await whileTurning(nodes, { identityId: own.identityId, between }, async () => {
        for (let i = 0; i < MOST_TRIES; i += 1) {
          if ((await browser.request('/self-service/contact')).text.includes(email)) return true;
        }
        return false;
      });
    },
  },
];
