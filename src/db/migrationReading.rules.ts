/**
 * Reads a migration: whether nodes of the version before can run beside it (it expands) or not (it
 * contracts), and which locks it takes on tables that exist already. A header overrides what the statements
 * suggest: `-- contract: <why>, since <version>` or `-- expand: <why>`.
 */

export interface MigrationLock {
  readonly table: string;
  readonly mode:
    | 'ACCESS EXCLUSIVE'
    | 'SHARE ROW EXCLUSIVE'
    | 'SHARE'
    | 'SHARE UPDATE EXCLUSIVE'
    | 'ROW EXCLUSIVE';
}

export interface MigrationReading {
  readonly kind: 'expand' | 'contract';
  /** The words of the header, or each statement that takes something from nodes of the version before. */
  readonly reasons: readonly string[];
  /** The version from which on nodes may run beside one that contracts; null when not known. */
  readonly since: string | null;
  readonly locks: readonly MigrationLock[];
}

const HEADER = /^-- (expand|contract): (.+)$/m;
const SINCE = /,? *since (?:version )?v?(\d+\.\d+\.\d+\S*)\.?$/;

export function readMigration(text: string): MigrationReading {
  const statements = splitStatements(text);
  const created = new Set(
    statements.flatMap((one) => /^CREATE TABLE (?:IF NOT EXISTS )?([\w.]+)/i.exec(one)?.[1] ?? []),
  );
  const locks = statements.flatMap((one) => findLocks(one)).filter(({ table }) => !created.has(table));
  const found = statements.flatMap((one) => findContractions(one, created, statements));
  const [, kind, words = ''] = HEADER.exec(text) ?? [];
  return {
    kind: kind ? (kind as 'expand' | 'contract') : found.length > 0 ? 'contract' : 'expand',
    reasons: kind ? [words.replace(SINCE, '')] : found,
    since: kind === 'contract' ? (SINCE.exec(words)?.[1] ?? null) : null,
    locks: removeRepeats(locks),
  };
}

/** Strings, quoted names, `$$` bodies and comments may contain a semicolon. */
const TOKEN = /'(?:[^']|'')*'|"[^"]*"|(\$\w*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\/|;|[^;'"$/-]+|[\s\S]/g;

/** The statements, without comments, each on one line. */
export function splitStatements(text: string): string[] {
  const statements = [''];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === ';') statements.push('');
    else if (!token.startsWith('--') && !token.startsWith('/*'))
      statements.push((statements.pop() ?? '') + token);
    else statements.push(`${statements.pop() ?? ''} `);
  }
  return statements.map((one) => one.replaceAll(/\s+/g, ' ').trim()).filter((one) => one !== '');
}

/** A statement or a clause -> what it takes from nodes of the version before. */
const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [
    /\bDROP (TABLE|VIEW|MATERIALIZED VIEW|FUNCTION|TYPE|SCHEMA|SEQUENCE|INDEX)\b/i,
    'they may use what is dropped',
  ],
  [/\bDROP COLUMN\b/i, 'they read or write the column'],
  [/\bRENAME\b/i, 'they use the name before'],
  [/\bSET NOT NULL\b/i, 'they may write rows without it'],
  [/\bDROP DEFAULT\b/i, 'they may write rows without it'],
  [/\b(SET DATA )?TYPE (?!.*\bADD COLUMN\b)\w+/i, 'they read and write the type before'],
  [/\bREVOKE\b/i, 'they may need the right'],
  [/^TRUNCATE\b|^DELETE FROM\b/i, 'they may read the rows'],
  [/^DO\b/i, 'it is code, which is not read: say with a header what it does'],
];

function findContractions(statement: string, created: ReadonlySet<string>, all: readonly string[]): string[] {
  const table = findTable(statement);
  if (table !== null && created.has(table)) return [];
  const code = statement.replaceAll(/'(?:[^']|'')*'|(\$\w*\$).*?\1/g, "''");
  if (/^(CREATE (OR REPLACE )?FUNCTION|COMMENT|INSERT|UPDATE|WITH|SELECT)\b/i.test(code)) return [];
  const excerpt = statement.length > 80 ? `${statement.slice(0, 79)}…` : statement;
  const clauses = /^ALTER TABLE/i.test(code) ? splitClauses(code) : [code];
  const reasons = clauses.flatMap((clause) => [
    ...CONTRACTIONS.filter(([pattern]) => !/^ADD\b/i.test(clause) && pattern.test(clause)).map(
      ([, why]) => why,
    ),
    ...(isColumnForced(clause) ? ['they write rows without the column'] : []),
    ...(isNewConstraint(clause, all) ? ['they may write rows that it refuses'] : []),
  ]);
  if (isUniqueIndexOnOldColumns(code, all)) reasons.push('they may write rows that it refuses');
  return [...new Set(reasons)].map((why) => `${excerpt}: ${why}`);
}

function isColumnForced(clause: string): boolean {
  const isColumn = /^ADD (COLUMN )?(?!CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)/i.test(clause);
  return isColumn && /\bNOT NULL\b/i.test(clause) && !/\b(DEFAULT|GENERATED|serial)\b/i.test(clause);
}

/** A constraint in place of one of the same name, dropped in the same file, is taken for a wider one. */
function isNewConstraint(clause: string, all: readonly string[]): boolean {
  if (/^ADD (CHECK|UNIQUE|PRIMARY KEY|FOREIGN KEY|EXCLUDE)\b/i.test(clause)) return true;
  const name = /^ADD CONSTRAINT (\w+)/i.exec(clause)?.[1];
  if (name === undefined) return false;
  return !all.some((one) => new RegExp(`\\bDROP CONSTRAINT (IF EXISTS )?${name}\\b`, 'i').test(one));
}

/** On a column that the same file adds, nodes of the version before write only NULL. */
function isUniqueIndexOnOldColumns(statement: string, all: readonly string[]): boolean {
  const [, columns = ''] =
    /^CREATE UNIQUE INDEX .*? ON [\w.]+ (?:USING \w+ )?\(([^)]*)\)/i.exec(statement) ?? [];
  if (columns === '') return false;
  const names = columns.split(',').map((one) => one.trim().split(/\W/)[0] ?? '');
  return !names.some((name) =>
    all.some((one) => new RegExp(`\\bADD COLUMN (IF NOT EXISTS )?${name}\\b`, 'i').test(one)),
  );
}

/** The clauses of ALTER TABLE: commas that are not in parentheses divide them. */
function splitClauses(statement: string): string[] {
  const body = statement.replace(/^ALTER TABLE (IF EXISTS )?(ONLY )?[\w.]+ /i, '');
  let depth = 0;
  const clauses = [''];
  for (const sign of body) {
    depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
    if (sign === ',' && depth === 0) clauses.push('');
    else clauses.push((clauses.pop() ?? '') + sign);
  }
  return clauses.map((one) => one.trim());
}

const TABLE =
  /^(?:ALTER TABLE (?:IF EXISTS )?(?:ONLY )?|DROP TABLE (?:IF EXISTS )?|TRUNCATE (?:TABLE )?|UPDATE (?:ONLY )?|INSERT INTO |DELETE FROM (?:ONLY )?|CREATE (?:UNIQUE )?INDEX .*? ON (?:ONLY )?|(?:CREATE|DROP) (?:OR REPLACE |CONSTRAINT )?TRIGGER .*? ON )([\w.]+)/i;

function findTable(statement: string): string | null {
  return TABLE.exec(statement)?.[1] ?? null;
}

/** The first match counts. */
const LOCK_MODES: readonly (readonly [RegExp, MigrationLock['mode']])[] = [
  [/^ALTER TABLE .*\b(VALIDATE CONSTRAINT|SET \(|SET STATISTICS)/i, 'SHARE UPDATE EXCLUSIVE'],
  [/^CREATE (UNIQUE )?INDEX CONCURRENTLY\b/i, 'SHARE UPDATE EXCLUSIVE'],
  [/^CREATE (UNIQUE )?INDEX\b/i, 'SHARE'],
  [/^CREATE (OR REPLACE |CONSTRAINT )?TRIGGER\b/i, 'SHARE ROW EXCLUSIVE'],
  [/^(ALTER|DROP|TRUNCATE)\b/i, 'ACCESS EXCLUSIVE'],
  [/^(UPDATE|INSERT|DELETE)\b/i, 'ROW EXCLUSIVE'],
];

function findLocks(statement: string): MigrationLock[] {
  const table = findTable(statement);
  const mode = LOCK_MODES.find(([pattern]) => pattern.test(statement))?.[1];
  const written = /^WITH\b.*\b(?:UPDATE|INSERT INTO|DELETE FROM) ([\w.]+)/i.exec(statement)?.[1];
  const referenced = /^(CREATE|ALTER) TABLE/i.test(statement)
    ? [...statement.matchAll(/\bREFERENCES ([\w.]+)/gi)].map(([, name = '']) => name)
    : [];
  return [
    ...(table && mode ? [{ table, mode }] : []),
    ...(written ? [{ table: written, mode: 'ROW EXCLUSIVE' } as const] : []),
    ...referenced.map((name) => ({ table: name, mode: 'SHARE ROW EXCLUSIVE' }) as const),
  ];
}

function removeRepeats(locks: readonly MigrationLock[]): MigrationLock[] {
  return [...new Map(locks.map((lock) => [`${lock.table} ${lock.mode}`, lock])).values()];
}
