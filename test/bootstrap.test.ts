/** The first two operators of an installation are made by a command, once. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createCommandRecorder } from '../src/cli/operator.ts';
import { bootstrapFromFile } from '../src/cli/issue.ts';
import { useNodes } from './support/index.ts';
import { anOperator } from './support/operatorCommands.ts';

const RECORD = createCommandRecorder({ account: 'root', by: 'Test' }, 'bootstrap');
const nodes = useNodes({ count: 2 });

const TWO = [anOperator('6107850019', 'Erik', '207000001'), anOperator('6107850027', 'Elna', '207000002')];

function fileOf(name: string, content: unknown): string {
  const file = path.join(nodes.folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const counted = async () =>
  await nodes.database.query(
    `SELECT (SELECT count(*)::int FROM identities) AS ids,
      (SELECT count(*)::int FROM staff WHERE role = 'operator' AND approved_at IS NOT NULL) AS operators,
      (SELECT count(*)::int FROM letters WHERE state = 'waiting') AS letters`,
  );

test.each<[string, unknown, RegExp]>([
  ['one alone', [TWO[0]], /Too small|expected/i],
  ['an unknown field', [{ ...TWO[0], isAdmin: 'yes' }, TWO[1]], /isAdmin/],
  ['no identification', [TWO[0], { ...TWO[1], idKind: 'none' }], /second: refused: no_identification/],
  [
    'faults of both',
    [
      { ...TWO[0], postcode: 'x' },
      { ...TWO[1], idExpires: '2020-01-01' },
    ],
    /first: postcode: postcode_malformed; the second: idExpires: expired/,
  ],
  [
    'one CPR number in two spellings',
    [TWO[0], { ...TWO[1], cpr: '610785-0019' }],
    /the two: cpr: .*two people/,
  ],
  ['one document in two spellings', [TWO[0], { ...TWO[1], idNumber: '207 000 001' }], /the two: idNumber: /],
  [
    'one e-mail address',
    [
      { ...TWO[0], email: 'it@example.dk' },
      { ...TWO[1], email: 'IT@example.dk' },
    ],
    /the two: email: /,
  ],
  // Only the transaction of both sees that the second looks like the first, whose ID is then not kept.
  [
    'one name and birth date',
    [
      { ...TWO[0], cpr: '', noCpr: 'yes', birthdate: '1985-07-21' },
      { ...TWO[1], cpr: '', noCpr: 'yes', birthdate: '1985-07-21', givenName: 'Erik' },
    ],
    /the second: somebody of this name/,
  ],
  ['an impossible CPR number', [{ ...TWO[0], cpr: '3002851234' }, TWO[1]], /first: cpr: cpr_impossible/],
])('%s: reported, and no one gets anything', async (_what, content, message) => {
  const file = fileOf('wrong', content);
  await expect(bootstrapFromFile(nodes.node(0).app, file, RECORD)).rejects.toThrow(message);
  expect(await counted()).toEqual([{ ids: 0, operators: 0, letters: 0 }]);
});

test('two commands at once on two machines make two operators, whose letters are on their way', async () => {
  const file = fileOf('two', TWO);
  const outcome = await Promise.allSettled(
    [0, 1].map((at) => bootstrapFromFile(nodes.node(at).app, file, RECORD)),
  );
  expect(outcome.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await counted()).toEqual([{ ids: 2, operators: 2, letters: 4 }]);
  await expect(bootstrapFromFile(nodes.node(0).app, file, RECORD)).rejects.toThrow('this was done before');
  // The events of each ID that one of the two issued, and of their role as operators, with the actor.
  const events = await nodes.database.query<{ details: { about: object } }>(
    `SELECT details FROM audit_events WHERE kind = 'operator_command' ORDER BY id`,
  );
  expect(events.map(({ details }) => details.about)).toEqual([
    { identityId: expect.any(String) },
    { identityId: expect.any(String) },
    { operators: expect.any(Array) },
  ]);
});
