/** One row that is not as Nøgle wrote it keeps no one else waiting for what is due. */
import { describe, expect, test } from '@jest/globals';
import { lockIdentity } from '../src/db/cards/cardSets.ts';
import { endCodeTokens } from '../src/db/factors/codeTokenLife.ts';
import { findCodeTokens } from '../src/db/factors/codeTokens.ts';
import { matchTypedCode, orderCodeToken, startCodeTokenWait } from '../src/features/codeTokens/index.ts';
import { CODE_TOKEN_WAIT_MS } from '../src/domain/factors/codeToken.ts';
import { intoStock, SoftToken, tokenSteps } from './support/codeTokens.ts';
import { aPerson, aSecurityKey, useNodes, type TestPerson } from './support/index.ts';

const nodes = useNodes({ count: 1, binding: () => 'require' });
const { run } = tokenSteps(nodes);

/** One that came by post, and whose first code was given. */
async function aWaitingToken({ identityId }: TestPerson): Promise<string> {
  const token = new SoftToken(nodes);
  await intoStock(nodes, token);
  const { context } = nodes;
  await context.database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    await orderCodeToken(context, db, identityId, { hasAddress: true });
  });
  await run('sendLetters');
  await context.database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    const { coming } = await findCodeTokens(db, identityId);
    const match = coming && matchTypedCode(context, coming, token.show());
    if (match?.kind !== 'right') throw new Error('the code token does not wait');
    const given = { tokenId: coming?.id ?? '', code: match.code };
    if (await startCodeTokenWait(context, db, identityId, given)) throw new Error('no wait began');
  });
  return token.serialNumber;
}

/** What an operator is told while what is due is done. */
async function runDue(): Promise<{ lines: number; events: string[] }> {
  const from = nodes.log.length;
  await run('checkDue');
  const lines = nodes.log.slice(from).split('\n');
  return {
    lines: lines.filter((line) => line.includes('"level":"error"') && line.includes('not as it was written'))
      .length,
    events: lines
      .filter((line) => line.includes('"event":"row_tampered"'))
      .map((line) => JSON.parse(line) as { reason: string; row: string; rowId: string })
      .map(({ reason, row, rowId }) => `${reason} ${row} ${rowId}`),
  };
}

const countOf = async (table: string, where: string, values: unknown[]) =>
  (await nodes.database.query(`SELECT FROM ${table} WHERE ${where}`, values)).length;

describe('what is due', () => {
  test('a tampered code token that waits is passed over, and reported each time', async () => {
    const [first, second] = [await aPerson(nodes), await aPerson(nodes)];
    const bad = await aWaitingToken(first);
    nodes.clock.forward(1_000);
    const good = await aWaitingToken(second);
    // A writer in the database shortens its wait: it is due first.
    await nodes.database.query(
      `UPDATE code_tokens SET activates_at = activates_at - interval '1 hour' WHERE serial_number = $1`,
      [bad],
    );
    nodes.clock.forward(CODE_TOKEN_WAIT_MS + 1);
    const [row] = await nodes.database.query<{ id: string }>(
      'SELECT id FROM code_tokens WHERE serial_number = $1',
      [bad],
    );
    for (const _ of [1, 2])
      expect(await runDue()).toEqual({ lines: 1, events: [`mac code token ${row?.id}`] });
    const stateOf = async (serial: string) =>
      await countOf('code_tokens', `serial_number = $1 AND state = 'active'`, [serial]);
    expect([await stateOf(bad), await stateOf(good)]).toEqual([0, 1]);
    // What ends a device works on every row.
    const states = ['sent'] as const;
    const end = { states, to: 'blocked', all: true, now: nodes.clock.now() } as const;
    expect(await endCodeTokens(nodes.context.database, first.identityId, end)).toEqual([bad]);
    expect((await runDue()).lines).toBe(0);
  });

  test('a tampered security key is not said to count, and reported each time', async () => {
    const [first, second] = [await aPerson(nodes), await aPerson(nodes)];
    const now = nodes.clock.now().getTime();
    const wait = { countsFrom: new Date(now + 60_000) };
    const bad = await aSecurityKey(nodes, first, {}, wait);
    const good = await aSecurityKey(nodes, second, {}, { countsFrom: new Date(now + 90_000) });
    await nodes.database.query('UPDATE security_keys SET announced_at = NULL WHERE id = ANY($1)', [
      [bad.id, good.id],
    ]);
    await nodes.database.query(
      `UPDATE security_keys SET counts_from = counts_from - interval '1 hour' WHERE id = $1`,
      [bad.id],
    );
    nodes.clock.forward(120_000);
    for (const _ of [1, 2])
      expect(await runDue()).toEqual({ lines: 1, events: [`mac security key ${bad.id}`] });
    const told = async ({ identityId }: TestPerson) =>
      await countOf('notices', `identity_id = $1 AND kind = 'security_key_active'`, [identityId]);
    expect([await told(first), await told(second)]).toEqual([0, 1]);
  });
});
