/** What is left of other factors than the card in a database that was restored without a sink. */
import { expect, test } from '@jest/globals';
import { createApp } from '../../src/app.ts';
import { replayRestored } from '../../src/features/auditLog/index.ts';
import { listHeldFactors } from '../../src/db/factors/heldFactors.ts';
import { FACTOR_LIFE } from '../../src/domain/factors/factorLife.ts';
import { HELD_FACTORS } from '../../src/domain/factors/heldFactors.ts';
import { setRestoring } from '../../src/db/auditTree/endRestored.ts';
import { aCodeToken, tokenSteps } from '../support/codeTokens.ts';
import {
  aPerson,
  aRelyingParty,
  aSecurityKey,
  authRequest,
  composeContact,
  sendAssertion,
  TestBrowser,
  toKeyPage,
  useNodes,
} from '../support/index.ts';

const nodes = useNodes({ count: 1, binding: () => 'require' });

async function restoreUncovered(): Promise<void> {
  const settings = {
    issuer: nodes.issuer,
    databaseUrl: nodes.database.ownerUrl,
    databasePool: 3,
    databaseTimeoutMs: 60_000,
    keyring: nodes.keyringFile,
    post: { kind: 'folders' as const, dataDir: nodes.folder },
    rules: nodes.context.rules,
    contact: composeContact(nodes.issuer),
    privateOrigins: [],
    proxyHops: 0,
    selfPort: nodes.node(0).port,
    withoutSink: true,
    isCommand: true,
  };
  const ports = { clock: nodes.clock, random: nodes.context.random, log: nodes.node(0).app.log };
  const app = await createApp(settings, ports);
  await replayRestored(app.context, { source: null, record: () => Promise.resolve() });
  await app.context.database.transaction(async (db) => await setRestoring(db, null));
  await app.close();
}

test('where no sink says what ended since, no security key and no code token is believed', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  // After the backup the person may have removed the one, and stopped the other.
  const held = await aSecurityKey(nodes, person);
  await aSecurityKey(nodes, person, {}, { countsFrom: new Date(Date.now() + 86_400_000) });
  const token = await aCodeToken(nodes, person);
  await restoreUncovered();
  const browser = new TestBrowser(nodes);
  const page = await browser.follow(authRequest(rp).path);
  expect((await sendAssertion(browser, page, held)).page).toBe('password');
  const next = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
  expect(next.text).not.toContain('data-webauthn="get"');
  expect(await tokenSteps(nodes).stateOf(token)).toBe('void');
  const { identityId } = person;
  const ended = await nodes.database.query(
    `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'security_key_ended'`,
    [identityId],
  );
  expect(ended).toHaveLength(2);
  const told = await nodes.database.query(
    `SELECT details ->> 'many' AS many FROM notices WHERE identity_id = $1 AND kind = 'security_key_ended'`,
    [identityId],
  );
  expect(told).toEqual([{ many: '2' }]);
  // The token was handed over before, with its own notice; one notice tells of the end of all.
  expect(await tokenSteps(nodes).noticesTo(person)).toEqual(['active', 'retired']);
  const retired = await nodes.database.query(
    `SELECT details, state FROM notices WHERE identity_id = $1 AND kind = 'code_token_retired'`,
    [identityId],
  );
  expect(retired).toEqual([{ details: {}, state: 'waiting' }]);
  for (const kind of HELD_FACTORS) {
    const { events } = FACTOR_LIFE[kind].retired;
    const written = await nodes.database.query(
      `SELECT FROM audit_events WHERE identity_id = $1 AND kind = ANY($2) AND details ->> 'by' = 'system'`,
      [identityId, events],
    );
    expect([kind, written.length]).toEqual([kind, kind === 'security_key' ? 2 : 1]);
  }
  const alive = await listHeldFactors(nodes.context.database, identityId, { now: nodes.clock.now() });
  expect(alive).toEqual([]);
});
