/** The tables about factors in docs/reference/levels.md, read literally, and all that they cover. */
import type { Factor } from '../../src/domain/signIn/levels.ts';
import { LEVELS, readOutcome, readTableBelow, type LevelName } from './levelTable.ts';

/** What a person has in addition to a card, and gives where a page takes it. */
export const GIVEN = [
  'password',
  'password and card key',
  'password and code',
  'password and passkey',
  'password and security key',
  'password and attested key',
  'passkey',
  'security key',
  'attested key',
] as const;
export type Given = (typeof GIVEN)[number];

/** What was given in the session of the browser. */
export const GIVEN_BEFORE = [
  'none',
  'password',
  'password and card key',
  'security key',
  'attested key',
] as const;
export type GivenBefore = (typeof GIVEN_BEFORE)[number];

/** The values of `acr` in their order; `essential` ones by the parameter `claims`. */
export const FACTOR_REQUESTS = [
  'none',
  'Low',
  'Substantial',
  'High',
  'phr',
  'phrh',
  'phr Substantial',
  'Substantial phr',
  'essential Low',
  'essential Substantial',
  'essential High',
  'essential phr',
  'essential phrh',
  'essential phr Substantial',
  'essential Substantial phr',
  'essential phr High',
] as const;

export interface FactorCombination {
  readonly given: Given;
  /** Of the person's ID. */
  readonly proofing: LevelName;
  readonly minimumProofing: LevelName;
  readonly minimum: LevelName;
  readonly request: (typeof FACTOR_REQUESTS)[number];
  readonly session: GivenBefore;
}

/** The pages in their order; the value of `acr`, or the code of the end; `amr` where something is issued. */
export interface FactorOutcome {
  readonly asked: readonly string[];
  readonly end: string;
  readonly amr: string;
}

export interface FactorCase extends FactorCombination {
  readonly outcome: FactorOutcome;
}

const FACTOR_OF: Readonly<Record<string, Factor>> = {
  password: 'password',
  'card key': 'card_key',
  code: 'code_token',
  passkey: 'passkey',
  'security key': 'security_key',
  'attested key': 'attested_key',
};

export function factorsGiven(given: Given): Factor[] {
  return given.split(' and ').map((name) => FACTOR_OF[name] as Factor);
}

/** What each factor gives, as the docs have it. */
export const WORTH = new Map(
  readTableBelow('What each factor gives')
    .slice(1)
    .map(([given = '', amr = '', shown = '', resists = '']) => [given, { amr, shown, resists }]),
);

const WITHOUT_SESSION = readTableBelow('Factors without a session');
const IN_SESSION = readTableBelow('Factors in a session');

/** @throws when no cell of a table is for it, or more than one */
function findCell([heads = [], ...rows]: string[][], one: FactorCombination, column: string): string {
  const keys = [one.proofing, one.minimumProofing, one.minimum, one.request];
  const columns = [...heads.keys()].filter(
    (i) => i >= keys.length && heads[i]?.split(', ').includes(column) === true,
  );
  const found = rows.filter((cells) => keys.every((key, i) => cells[i]?.split(', ').includes(key)));
  const cell = found[0]?.[columns[0] ?? -1];
  if (found.length !== 1 || columns.length !== 1 || cell === undefined) {
    throw new Error(`${found.length} rows and ${columns.length} columns for ${JSON.stringify(one)}`);
  }
  return cell;
}

/** The ends at which something is issued. */
export function isIssued(end: string): boolean {
  return ['Low', 'Substantial', 'phr', 'phrh'].includes(end);
}

/** The codes of the errors that the tables call by a word. */
const CODES: Readonly<Record<string, string>> = {
  unmet_authentication_requirements: 'acr_unattainable',
  access_denied: 'proofing_too_low',
};

function readCell(cell: string): { readonly asked: readonly string[]; readonly end: string } {
  const { asked, end } = readOutcome(cell);
  return { asked, end: CODES[end] ?? end };
}

function readFactorOutcome(one: FactorCombination): FactorOutcome {
  const { given, session } = one;
  const { asked, end } = readCell(findCell(WITHOUT_SESSION, one, given));
  // Where no second factor is asked for, none is given.
  const isPasswordEnough = given.startsWith('password') && !asked.includes('key');
  const all = { asked, end, amr: amrWith(end, isPasswordEnough ? 'password' : given) };
  if (session === 'none') return all;
  const cell = findCell(IN_SESSION, one, session);
  if (cell === 'all') return all;
  if (cell !== 'key') {
    const { end: atOnce } = readCell(cell);
    return { asked: [], end: atOnce, amr: amrWith(atOnce, session) };
  }
  // The password of the session counts, also for a factor that is given in place of one.
  const withPassword = given.startsWith('password') ? given : (`password and ${given}` as Given);
  return { asked: ['key'], end, amr: amrWith(end, withPassword) };
}

function amrWith(end: string, given: string): string {
  return isIssued(end) ? (WORTH.get(given)?.amr ?? 'none') : '';
}

/** All combinations. */
export const FACTOR_CASES: readonly FactorCase[] = GIVEN.flatMap((given) =>
  LEVELS.flatMap((proofing) =>
    LEVELS.flatMap((minimumProofing) =>
      LEVELS.flatMap((minimum) =>
        FACTOR_REQUESTS.flatMap((request) =>
          GIVEN_BEFORE.map((session) => {
            const one = { given, proofing, minimumProofing, minimum, request, session };
            return { ...one, outcome: readFactorOutcome(one) };
          }),
        ),
      ),
    ),
  ),
);

/** Where the session does not count: a fresh key, or `prompt=login`, or a sign-in older than `max_age`. */
export function outcomeAgain(one: FactorCombination, why: 'fresh key' | 'login'): FactorOutcome {
  const isBothGiven = one.session !== 'none' && one.session !== 'password';
  const minimum = why === 'fresh key' || isBothGiven ? 'Substantial' : one.minimum;
  return readFactorOutcome({ ...one, session: 'none', minimum });
}
