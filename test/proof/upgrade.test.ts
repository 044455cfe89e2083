/**
 * The version that CHANGELOG.md names as the former one and this one, beside each other on one database:
 * upgraded, rolled back, upgraded again, node by node, and no one notices.
 *
 * A sign-in fails with the first request whose answer is not the one that people expect. The proxy repeats
 * only what was refused before it was sent (test/support/smallProxy.ts).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { IS_WHOLE_PROOF, waitUntil } from '../support/index.ts';
import { getFormerRelease, hasCommit } from '../support/changelog.ts';
import { RollingUpgrade, STEPS_OF_UPGRADE } from '../support/rollingUpgrade.ts';

const SIGN_INS = IS_WHOLE_PROOF ? 1_000 : 200;
const release = getFormerRelease();
const isThere = hasCommit(release.commit);
if (!isThere) console.info(`skipped: ${release.version} (${release.commit}) is not in this clone`);
const testUpgrade = isThere ? test : test.skip;

const upgrade = new RollingUpgrade();
beforeAll(async () => {
  if (isThere) await upgrade.begin(release);
});
afterAll(async () => {
  if (isThere) await upgrade.on.close();
});

testUpgrade(
  `${SIGN_INS} sign-ins over two rolling upgrades from ${release.version} and one roll back: none fails`,
  async () => {
    await upgrade.walk(SIGN_INS);
    const { failures, otherFailures, figures, signIns, on } = upgrade;
    console.info(
      `${on.proxy.name}: ${signIns} sign-ins, ${failures.length} failed; ${JSON.stringify(figures)}`,
    );
    // A cause is shown with what failed by it.
    const { warnings } = on.answers;
    const unexpected = on.answers.explain();
    const none = { failures: [], otherFailures: [], unexpected: [], warnings: [] };
    expect({ failures, otherFailures, unexpected, warnings }).toEqual(none);
    expect(signIns).toBeGreaterThanOrEqual(SIGN_INS);
    // Both nodes served at each step, so also both versions where they differ.
    for (const { phase, served } of figures)
      expect([phase, served.every((many) => many > 0)]).toEqual([phase, true]);
    // At each of the three steps that leave two versions.
    expect(upgrade.races).toBe(3);
    expect(upgrade.stays).toBe((STEPS_OF_UPGRADE * (STEPS_OF_UPGRADE - 1)) / 2);
  },
  IS_WHOLE_PROOF ? 900_000 : undefined,
);

testUpgrade('each letter, mail and log-out of both versions arrived, and once', async () => {
  const { on, endedSessions } = upgrade;
  const countWaiting = async () => {
    const [row] = await on.database.query<{ many: number }>(
      `SELECT (SELECT count(*) FROM letters WHERE kind = 'card' AND state <> 'sent')
            + (SELECT count(*) FROM logouts WHERE state <> 'sent') AS many`,
    );
    return Number(row?.many);
  };
  await waitUntil('all is sent', async () => (await countWaiting()) === 0);
  const letters = await on.database.query<{ id: string }>(`SELECT id FROM letters WHERE kind = 'card'`);
  expect(letters).toHaveLength(STEPS_OF_UPGRADE);
  for (const { id } of letters) expect([id, on.printHouse.puts.get(id)]).toEqual([id, 1]);
  const notified = on.logoutSite.at('/town').map(({ sid }) => String(sid));
  expect(notified.sort()).toEqual(endedSessions.map(String).sort());
  const ids = on.mail.messages.map(({ messageId }) => messageId);
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
});

testUpgrade('`migrate` of the former version refuses a newer schema, and changes nothing', async () => {
  const { database } = upgrade.on;
  const readMigrations = async () => await database.query(`SELECT id, name FROM knex_migrations ORDER BY id`);
  await database.query(
    `INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('9999_newer.sql', 9999, now())`,
  );
  const before = await readMigrations();
  // As docs/how-to/upgrade.md quotes it.
  await expect(upgrade.on.runCommand('former', 'migrate')).rejects.toThrow(
    /The migration directory is corrupt.*9999_newer\.sql/,
  );
  expect(await readMigrations()).toEqual(before);
  await upgrade.signIn();
  expect(upgrade.failures).toEqual([]);
});

testUpgrade('control: a schema that a running version does not understand makes sign-ins fail', async () => {
  await upgrade.on.database.query('ALTER TABLE identities RENAME COLUMN password_hash TO hash_of_password');
  await upgrade.signIn();
  expect(upgrade.failures).toHaveLength(1);
  // Each such answer is explained: who gave it, and what was logged of it.
  const explained = upgrade.on.answers.explain().at(-1);
  expect(explained).toMatch(/: 500 after \d+ ms\nstep: forward again, both: done; sent to: /);
  expect(explained).toMatch(/^answered by: node \d \(this, process \d\); request id: [\w-]{36}$/m);
  expect(explained).toMatch(/^log of the request, .*password_hash/m);
});
