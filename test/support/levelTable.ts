/** The tables of docs/reference/levels.md, read literally, and every combination that they cover. */
import { readFileSync } from 'node:fs';

export const SESSIONS = ['none', 'Low, young', 'Low, old', 'Substantial, young', 'Substantial, old'] as const;
export type SessionKind = (typeof SESSIONS)[number];
export type LevelName = 'Low' | 'Substantial';
export const REQUESTS = [
  'none',
  'Low',
  'Substantial',
  'High',
  'essential Low',
  'essential Substantial',
  'essential High',
] as const;
export const MAX_AGES = [null, 60, 0] as const;
export const PROMPTS = [null, 'none', 'login', 'consent'] as const;

export interface Combination {
  readonly minimum: LevelName;
  readonly freshKey: boolean;
  readonly request: (typeof REQUESTS)[number];
  readonly maxAge: (typeof MAX_AGES)[number];
  readonly prompt: (typeof PROMPTS)[number];
  readonly session: SessionKind;
}

/** The pages in their order, and what the relying party gets: a level, or an error. */
export interface LevelOutcome {
  readonly asked: readonly string[];
  readonly end: string;
}

/** The table and the row of a combination. */
interface TablePlace {
  readonly table: number;
  readonly row: number;
  readonly outcome: LevelOutcome;
}

const text = readFileSync('docs/reference/levels.md', 'utf8');
const tables = text
  .split('\n### ')
  .slice(1)
  .map((part) => {
    const rows = part.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| minimum'));
    return rows.map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  });

function tableOf({ maxAge, prompt }: Combination): number {
  if (prompt === 'login' || maxAge === 0) return 2;
  return maxAge === 60 ? 1 : 0;
}

/** @throws when the docs do not cover it, or cover it more than once */
function findCell(combination: Combination): TablePlace {
  const { minimum, freshKey, request, session } = combination;
  const table = tableOf(combination);
  const rows = [...(tables[table] ?? []).entries()].filter(
    ([, [least, fresh, requests = '']]) =>
      least === minimum && (fresh === 'yes') === freshKey && requests.split(', ').includes(request),
  );
  const [found, ...more] = rows;
  if (!found || more.length > 0) throw new Error(`${rows.length} rows for ${JSON.stringify(combination)}`);
  const cell = found[1][3 + SESSIONS.indexOf(session)] ?? '';
  return { table, row: found[0], outcome: withPrompt(readTables(cell), combination) };
}

/** Parses `password, key: Substantial`, `Low`, `error`. */
function readTables(cell: string): LevelOutcome {
  const [before = '', after] = cell.split(': ');
  if (cell === 'error') return { asked: [], end: 'unmet_authentication_requirements' };
  return after === undefined ? { asked: [], end: before } : { asked: before.split(', '), end: after };
}

function withPrompt(outcome: LevelOutcome, { prompt }: Combination): LevelOutcome {
  if (outcome.end === 'unmet_authentication_requirements') return outcome;
  if (prompt === 'none' && outcome.asked.length > 0) return { asked: [], end: 'login_required' };
  return prompt === 'consent' ? { ...outcome, asked: [...outcome.asked, 'consent'] } : outcome;
}

export interface LevelCase extends Combination, TablePlace {}

/** All combinations. */
export const CASES: readonly LevelCase[] = (['Low', 'Substantial'] as const).flatMap((minimum) =>
  [false, true].flatMap((freshKey) =>
    REQUESTS.flatMap((request) =>
      MAX_AGES.flatMap((maxAge) =>
        PROMPTS.flatMap((prompt) =>
          SESSIONS.map((session) => {
            const combination = { minimum, freshKey, request, maxAge, prompt, session };
            return { ...combination, ...findCell(combination) };
          }),
        ),
      ),
    ),
  ),
);

/** One of each: every cell of every table, where neither a page of consent nor its absence is asked for. */
export function oneOfEach(): LevelCase[] {
  const plain = CASES.filter(({ prompt }) => prompt !== 'none' && prompt !== 'consent');
  const kinds = Map.groupBy(plain, ({ minimum, freshKey, table, row, session }) =>
    [minimum, freshKey, table, row, session].join(' '),
  );
  // Another request of the row each time.
  return [...kinds.values()].map((alike, i) => alike[(i * 7) % alike.length] as LevelCase);
}
