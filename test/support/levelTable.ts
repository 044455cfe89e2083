/** The tables of docs/reference/levels.md, read literally, and every combination that they cover. */
import { readFileSync } from 'node:fs';

/** What was shown in the session of the browser, and how long ago. */
export const SESSIONS = [
  'none',
  'password, young',
  'password, old',
  'password and key, young',
  'password and key, old',
] as const;
export type SessionKind = (typeof SESSIONS)[number];
export const LEVELS = ['Low', 'Substantial'] as const;
export type LevelName = (typeof LEVELS)[number];
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
  /** Of the person's ID. */
  readonly proofing: LevelName;
  /** What the registration requires of the proofing, and of what is shown. */
  readonly minimumProofing: LevelName;
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

const sections = readFileSync('docs/reference/levels.md', 'utf8').split(/^#{2,3} /m);

/** The table below a heading: its rows, the heads of the columns first. Only `|` and spaces are taken off. */
export function readTableBelow(heading: string): string[][] {
  const section = sections.find((one) => one.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`no heading ${heading}`);
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const tables = ['Without `max_age`', 'With `max_age=60`', 'With `max_age=0` or `prompt=login`'].map(
  (heading) => readTableBelow(heading).slice(1),
);

function tableOf({ maxAge, prompt }: Combination): number {
  if (prompt === 'login' || maxAge === 0) return 2;
  return maxAge === 60 ? 1 : 0;
}

/** @throws when the docs do not cover it, or cover it more than once */
function findCell(combination: Combination): TablePlace {
  const { proofing, minimumProofing, minimum, freshKey, request, session } = combination;
  const table = tableOf(combination);
  const columns = [proofing, minimumProofing, minimum, freshKey ? 'yes' : 'no', request];
  const rows = [...(tables[table] ?? []).entries()].filter(([, cells]) =>
    columns.every((value, column) => cells[column]?.split(', ').includes(value)),
  );
  const [found, ...more] = rows;
  if (!found || more.length > 0) throw new Error(`${rows.length} rows for ${JSON.stringify(combination)}`);
  const cell = found[1][columns.length + SESSIONS.indexOf(session)] ?? '';
  return { table, row: found[0], outcome: withPrompt(readOutcome(cell), combination) };
}

const ERRORS: Readonly<Record<string, string>> = {
  error: 'unmet_authentication_requirements',
  refused: 'access_denied',
};

/** Parses `password, key: Substantial`, `Low`, `password: refused`, `error`. */
export function readOutcome(cell: string): LevelOutcome {
  const [before = '', after] = cell.split(': ');
  const end = after ?? before;
  return { asked: after === undefined ? [] : before.split(', '), end: ERRORS[end] ?? end };
}

function withPrompt(outcome: LevelOutcome, { prompt }: Combination): LevelOutcome {
  if (prompt === 'none' && outcome.asked.length > 0) return { asked: [], end: 'login_required' };
  const isLevel = LEVELS.some((level) => level === outcome.end);
  return prompt === 'consent' && isLevel ? { ...outcome, asked: [...outcome.asked, 'consent'] } : outcome;
}

export interface LevelCase extends Combination, TablePlace {}

/** All combinations. */
export const CASES: readonly LevelCase[] = LEVELS.flatMap((proofing) =>
  LEVELS.flatMap((minimumProofing) =>
    LEVELS.flatMap((minimum) =>
      [false, true].flatMap((freshKey) =>
        REQUESTS.flatMap((request) =>
          MAX_AGES.flatMap((maxAge) =>
            PROMPTS.flatMap((prompt) =>
              SESSIONS.map((session) => {
                const combination = {
                  proofing,
                  minimumProofing,
                  minimum,
                  freshKey,
                  request,
                  maxAge,
                  prompt,
                  session,
                };
                return { ...combination, ...findCell(combination) };
              }),
            ),
          ),
        ),
      ),
    ),
  ),
);

/**
 * One of each: every cell of every table, where neither a page of consent nor its absence is asked for. Of a
 * row whose cells are alike, two.
 */
export function oneOfEach(): LevelCase[] {
  const plain = CASES.filter(({ prompt }) => prompt !== 'none' && prompt !== 'consent');
  const rows = Map.groupBy(plain, ({ table, row }) => `${table} ${row}`);
  return [...rows.values()].flatMap((ofRow, i) => {
    const cells = [...Map.groupBy(ofRow, ({ session }) => session).values()];
    const ends = new Set(ofRow.map(({ outcome: { asked, end } }) => `${asked.join()} ${end}`));
    const walked = ends.size > 1 ? cells : [cells[0] ?? [], cells[1 + (i % (cells.length - 1))] ?? []];
    // Another combination of the row each time.
    return walked.map((alike, j) => alike[((i + j) * 7) % alike.length] as LevelCase);
  });
}
