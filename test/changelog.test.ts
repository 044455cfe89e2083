/** CHANGELOG.md says what an operator has to know before an upgrade, in a form that programs read. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { listMigrations } from '../src/db/migrations.ts';
import {
  findFormerRelease,
  getFormerRelease,
  hasCommit,
  listMigrationsAt,
  listSettingsAt,
  readChangelog,
  type ChangelogVersion,
} from './support/changelog.ts';

/** Those of Keep a Changelog, and what an operator does. */
const HEADINGS = ['Upgrade notes', 'Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];

const [newest, ...others] = readChangelog() as [ChangelogVersion, ...ChangelogVersion[]];
const release = getFormerRelease();
const isThere = hasCommit(release.commit);
if (!isThere) console.info(`skipped: ${release.version} (${release.commit}) is not in this clone`);
const testSince = isThere ? test : test.skip;

/** The names that a text does not mention as whole words. */
function listUnmentioned(names: readonly string[], { text }: Pick<ChangelogVersion, 'text'>): string[] {
  return names.filter((name) => !new RegExp(`(?<![A-Z_0-9])${name}(?![A-Z_0-9])`).test(text));
}

test('versions are dated, in descending order, and the newest one is that of package.json', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const released = [newest, ...others].filter(({ name }) => name !== 'Unreleased');
  expect(others.every(({ name }) => name !== 'Unreleased')).toBe(true);
  expect(released[0]?.name).toBe(version);
  for (const { name, date } of released)
    expect([name, date]).toEqual([
      expect.stringMatching(/^\d+\.\d+\.\d+$/),
      expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    ]);
  const byNumber = released.map(({ name }) =>
    name
      .split('.')
      .map((part) => part.padStart(4, '0'))
      .join('.'),
  );
  expect(byNumber).toEqual([...new Set(byNumber)].sort().toReversed());
});

test('each version but the first names the one before it, and has notes for its upgrade', () => {
  const chain = [newest, ...others].slice(0, -1).map((one) => [one.name, findFormerRelease(one)?.version]);
  expect(chain).toEqual([newest, ...others].slice(0, -1).map(({ name }, i) => [name, others[i]?.name]));
  for (const one of [newest, ...others]) {
    const headings = [...one.text.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading);
    expect([one.name, headings.filter((heading) => !HEADINGS.includes(heading))]).toEqual([one.name, []]);
    expect([one.name, headings]).toEqual([one.name, [...new Set(headings)]]);
  }
  expect(newest.text).toContain('### Upgrade notes\n');
});

testSince('each migration and each setting that is new or gone is mentioned', async () => {
  const before = { settings: listSettingsAt(release.commit), migrations: listMigrationsAt(release.commit) };
  const now = { settings: listSettingsAt(null), migrations: await listMigrations() };
  expect([before.settings.length > 20, before.migrations.length > 20]).toEqual([true, true]);
  // What was shipped is there, as it was.
  expect(before.migrations.filter((name) => !now.migrations.includes(name))).toEqual([]);
  const numbers = now.migrations
    .filter((name) => !before.migrations.includes(name))
    .map((name) => name.slice(0, 4));
  const changed = [
    ...now.settings.filter((name) => !before.settings.includes(name)),
    ...before.settings.filter((name) => !now.settings.includes(name)),
  ];
  expect(listUnmentioned([...numbers, ...changed], newest)).toEqual([]);
});

/** What the former version may not survive: it reads or writes what is changed here. */
const CONTRACTS =
  /\b(DROP\s+(TABLE|COLUMN)|RENAME|TYPE|SET\s+NOT\s+NULL|ADD\s+COLUMN(?=[^,;]*NOT\s+NULL)(?![^,;]*DEFAULT))\b/i;

/** A line `-- contract: …` says why it does. */
function onlyExpands(sql: string): boolean {
  return /^-- contract: \S/m.test(sql) || !CONTRACTS.test(sql.replaceAll(/--.*$/gm, ''));
}

testSince('a new migration leaves what the former version uses', async () => {
  const before = listMigrationsAt(release.commit);
  const added = (await listMigrations()).filter((name) => !before.includes(name));
  const contracting = added.filter((name) => !onlyExpands(readFileSync(`migrations/${name}`, 'utf8')));
  expect(contracting).toEqual([]);
});

test('control: a migration that contracts is found', () => {
  expect(
    [
      'ALTER TABLE a ADD COLUMN b text',
      'ALTER TABLE a ADD COLUMN b int NOT NULL DEFAULT 0, ADD COLUMN c text',
      '-- DROP TABLE a',
      '-- contract: 0.1.0 no longer reads it.\nDROP TABLE a',
    ].map(onlyExpands),
  ).toEqual([true, true, true, true]);
  expect(
    [
      'ALTER TABLE a ADD COLUMN b text NOT NULL',
      'ALTER TABLE a DROP COLUMN b',
      'ALTER TABLE a RENAME COLUMN b TO c',
      'ALTER TABLE a ALTER COLUMN b TYPE bigint',
      'ALTER TABLE a ALTER b SET NOT NULL',
    ].map(onlyExpands),
  ).toEqual([false, false, false, false, false]);
});

test('control: what is not mentioned, or only as a part of another name, is found', () => {
  const section = { text: 'Migration 0031. `NOEGLE_OPERATOR_NAME` is needed.' };
  const names = ['0031', '0032', 'NOEGLE_OPERATOR_NAME', 'NOEGLE_OPERATOR', 'NOEGLE_NAME'];
  expect(listUnmentioned(names, section)).toEqual(['0032', 'NOEGLE_OPERATOR', 'NOEGLE_NAME']);
  const [one] = readChangelog(
    `# C\n\n## 0.2.0 - 2026-12-24\n\nUpgrade from: 0.1.0, commit \`${'a'.repeat(40)}\`\n`,
  );
  expect(one && [one.name, one.date, findFormerRelease(one)]).toEqual([
    '0.2.0',
    '2026-12-24',
    { version: '0.1.0', commit: 'a'.repeat(40) },
  ]);
});
