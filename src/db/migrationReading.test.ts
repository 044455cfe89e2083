/** Migrations that were not written yet: what nodes of the version before would meet. */
import { describe, expect, test } from '@jest/globals';
import { readMigration, splitStatements } from './migrationReading.rules.ts';

const kindOf = (text: string) => readMigration(text).kind;

test('statements end at a semicolon that is not in a string, a body or a comment', () => {
  expect(
    splitStatements(`
      -- First; a comment.
      INSERT INTO a VALUES ('x;''y'); /* ; */ SELECT 1-2
      FROM "odd;name"; CREATE FUNCTION f() AS $b$ BEGIN; END $b$;`),
  ).toEqual([
    "INSERT INTO a VALUES ('x;''y')",
    'SELECT 1-2 FROM "odd;name"',
    'CREATE FUNCTION f() AS $b$ BEGIN; END $b$',
  ]);
});

describe('expands', () => {
  test.each([
    'CREATE TABLE a (b text NOT NULL)',
    'ALTER TABLE a ADD COLUMN b text',
    'ALTER TABLE a ADD COLUMN b integer NOT NULL DEFAULT 0, ADD COLUMN type text',
    'ALTER TABLE a ALTER COLUMN b DROP NOT NULL, ALTER COLUMN c SET DEFAULT now()',
    'CREATE INDEX a_b ON a (b)',
    'ALTER TABLE a ADD COLUMN b text; CREATE UNIQUE INDEX a_b ON a (b)',
    'CREATE TABLE a (b text); ALTER TABLE a ALTER COLUMN b SET NOT NULL; CREATE UNIQUE INDEX a_b ON a (b)',
    `ALTER TABLE a DROP CONSTRAINT a_kind; ALTER TABLE a ADD CONSTRAINT a_kind CHECK (kind IN ('x', 'y'))`,
    `UPDATE a SET b = 'DROP TABLE c'`,
    '-- expand: the index is on rows that no version writes.\nCREATE UNIQUE INDEX a_b ON a (b)',
  ])('%s', (text) => expect(kindOf(text)).toBe('expand'));
});

describe('contracts', () => {
  test.each([
    'DROP TABLE a',
    'ALTER TABLE a DROP COLUMN b',
    'ALTER TABLE a RENAME COLUMN b TO c',
    'ALTER TABLE a RENAME TO b',
    'ALTER TABLE a ADD COLUMN b text NOT NULL',
    'ALTER TABLE a ADD b text NOT NULL',
    'ALTER TABLE a ALTER COLUMN b SET NOT NULL',
    'ALTER TABLE a ALTER COLUMN b TYPE bigint',
    'ALTER TABLE a ALTER b SET DATA TYPE bigint',
    'ALTER TABLE a ADD CONSTRAINT a_b CHECK (b > 0)',
    'ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (id)',
    'CREATE UNIQUE INDEX a_b ON a (b)',
    'DROP INDEX a_b',
    'DELETE FROM a',
    'REVOKE UPDATE ON a FROM noegle',
    'DO $$ BEGIN EXECUTE $x$DROP TABLE a$x$; END $$',
  ])('%s', (text) => {
    expect(kindOf(text)).toBe('contract');
    expect(readMigration(text).reasons).toHaveLength(1);
  });

  test('as its header says, with the version from which on nodes may run beside it', () => {
    const text =
      '-- contract: no node reads the column any longer, since 1.4.0\nALTER TABLE a DROP COLUMN b;';
    expect(readMigration(text)).toMatchObject({
      kind: 'contract',
      since: '1.4.0',
      reasons: ['no node reads the column any longer'],
    });
  });
});

test('locks are those on tables that exist already', () => {
  const { locks } = readMigration(`
    CREATE TABLE fresh (id uuid PRIMARY KEY, owner uuid REFERENCES identities (id));
    CREATE INDEX fresh_owner ON fresh (owner);
    CREATE INDEX people_name ON people (name);
    ALTER TABLE letters ADD COLUMN mac bytea;
    ALTER TABLE key_cards SET (fillfactor = 90);
    WITH one AS (SELECT 1) UPDATE notices SET sent = true FROM one;`);
  expect(locks).toEqual([
    { table: 'identities', mode: 'SHARE ROW EXCLUSIVE' },
    { table: 'people', mode: 'SHARE' },
    { table: 'letters', mode: 'ACCESS EXCLUSIVE' },
    { table: 'key_cards', mode: 'SHARE UPDATE EXCLUSIVE' },
    { table: 'notices', mode: 'ROW EXCLUSIVE' },
  ]);
});
