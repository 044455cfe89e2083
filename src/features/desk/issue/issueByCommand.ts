/**
 * Issuing from the command line: any ID in the sandbox; in production those of the first two operators, once.
 * The fields are those of the desk's form, and the same functions read and check them.
 */
import {
  readDeskForm,
  type DeskFaults,
  type DeskField,
  type DeskFormInput,
} from '../../../domain/issuing/deskForm.ts';
import { foldDocumentNumber } from '../../../domain/issuing/identification.ts';
import { parseCpr } from '../../../domain/person/cpr.ts';
import { parseEmail } from '../../../domain/person/email.ts';
import { isSameName } from '../../../domain/person/names.ts';
import type { PopulationRegister } from '../../../domain/issuing/populationRegister.ts';
import { fullName } from '../../../domain/person/person.ts';
import type { Queryable } from '../../../db/database.ts';
import { isBootstrapped } from '../../../db/installation.ts';
import { recordLookUpByCommand } from '../search/lookUps.ts';
import { appointFirstOperators } from '../staff/makeFirstOperators.ts';
import type { AppContext } from '../../appContext.ts';
import {
  type ApplicationResult,
  type ApplicationSubmission,
  composeSubmission,
  decideByRules,
  submitApplication,
  submitApplicationsTogether,
} from '../../issuing/index.ts';

interface IssueCommandDeps {
  readonly context: AppContext;
  readonly populationRegister: PopulationRegister;
}

export type IssueFormReading =
  | { readonly kind: 'faults'; readonly faults: DeskFaults }
  | { readonly kind: 'name_differs' }
  | { readonly kind: 'read'; readonly submission: ApplicationSubmission };

async function readIssueForm(
  { context, populationRegister }: IssueCommandDeps,
  typed: DeskFormInput,
): Promise<IssueFormReading> {
  const { random, rules, clock } = context;
  const outcome = readDeskForm(typed, { kinds: rules.identification, now: clock.now() });
  if ('faults' in outcome) return { kind: 'faults', faults: outcome.faults };
  const { form } = outcome;
  if (form.cpr !== null) await recordLookUpByCommand(context, form.cpr);
  const entry = form.cpr === null ? null : await populationRegister.find(form.cpr);
  if (entry && !isSameName(fullName(form), fullName(entry))) return { kind: 'name_differs' };
  const path = 'command' as const;
  const source = { id: random.uuid(), path, officerId: null, issuedBy: 'operator', isSomebodyElse: false };
  return { kind: 'read', submission: composeSubmission(form, entry, source) };
}

/**
 * Issues one ID.
 *
 * @param record records the outcome, in its transaction.
 */
export async function issueByCommand(
  deps: IssueCommandDeps,
  typed: DeskFormInput,
  record?: (db: Queryable, applied: ApplicationResult) => Promise<void>,
): Promise<ApplicationResult | Exclude<IssueFormReading, { kind: 'read' }>> {
  const outcome = await readIssueForm(deps, typed);
  return outcome.kind === 'read'
    ? await submitApplication(deps.context, outcome.submission, record)
    : outcome;
}

export type BootstrapResult =
  | { readonly kind: 'done' | 'already' }
  /** Nothing was written for either of them. All obstacles that were found. */
  | { readonly kind: 'not_possible'; readonly obstacles: readonly BootstrapObstacle[] };

export interface BootstrapObstacle {
  /** The index in the pair, 0 or 1; null when it is about both. */
  readonly which: number | null;
  readonly why:
    | Exclude<IssueFormReading, { kind: 'read' }>
    | Exclude<ApplicationResult, { kind: 'issued' | 'has_id' }>
    | { readonly kind: 'same_person'; readonly field: DeskField };
}

/**
 * Makes the first two operators: both IDs and the roles in one transaction, or nothing. Both are checked
 * before. A person who has an ID becomes an operator with it.
 *
 * @param record records each ID that is issued, and that both are operators, in the same transaction.
 */
export async function bootstrapOperators(
  deps: IssueCommandDeps,
  pair: readonly [DeskFormInput, DeskFormInput],
  record: (db: Queryable, about: Readonly<Record<string, unknown>>) => Promise<void> = async () => {},
): Promise<BootstrapResult> {
  const { context } = deps;
  if (await isBootstrapped(context.database)) return { kind: 'already' };
  const obstacles: BootstrapObstacle[] = listSharedFields(pair).map((field) => ({
    which: null,
    why: { kind: 'same_person', field },
  }));
  const submissions: ApplicationSubmission[] = [];
  for (const [which, typed] of pair.entries()) {
    const outcome = await readIssueForm(deps, typed);
    if (outcome.kind !== 'read') {
      obstacles.push({ which, why: outcome });
      continue;
    }
    const verdict = decideByRules(context, outcome.submission.application);
    if (verdict.kind === 'refused') obstacles.push({ which, why: verdict });
    submissions.push(outcome.submission);
  }
  if (obstacles.length > 0) return { kind: 'not_possible', obstacles };
  return await issueToBoth(context, submissions, record).catch((error: unknown) => {
    if (error instanceof BootstrapRollback) return error.result;
    throw error;
  });
}

/** Thrown so that the transaction is rolled back. */
class BootstrapRollback extends Error {
  readonly result: BootstrapResult;

  constructor(result: BootstrapResult) {
    super('nothing is kept of either');
    this.result = result;
  }
}

async function issueToBoth(
  context: AppContext,
  submissions: readonly ApplicationSubmission[],
  record: (db: Queryable, about: Readonly<Record<string, unknown>>) => Promise<void>,
): Promise<BootstrapResult> {
  return await submitApplicationsTogether(context, submissions, async (db, applied) => {
    const obstacles: BootstrapObstacle[] = [];
    const ids: string[] = [];
    for (const [which, result] of applied.entries()) {
      if (result.kind !== 'issued' && result.kind !== 'has_id') obstacles.push({ which, why: result });
      else ids.push(result.identityId);
      if (result.kind === 'issued') await record(db, { identityId: result.identityId });
    }
    const [first = '', second = ''] = ids;
    // One person under a former and a current number.
    if (ids.length === 2 && first === second)
      obstacles.push({ which: null, why: { kind: 'same_person', field: 'cpr' } });
    if (obstacles.length > 0) throw new BootstrapRollback({ kind: 'not_possible', obstacles });
    const kind = await appointFirstOperators(context, db, [first, second]);
    // Another command was first: the IDs of this one are not kept.
    if (kind === 'already') throw new BootstrapRollback({ kind });
    await record(db, { operators: ids });
    return { kind };
  });
}

/** What two people cannot have in common, however it is spelt: each gets letters and notices of their own. */
function listSharedFields([one, other]: readonly [DeskFormInput, DeskFormInput]): DeskField[] {
  const readers: readonly (readonly [DeskField, (typed: DeskFormInput) => string])[] = [
    ['cpr', ({ cpr }) => readDigits(cpr)],
    [
      'idNumber',
      ({ idKind, idNumber }) => (idNumber === '' ? '' : `${idKind} ${foldDocumentNumber(idNumber)}`),
    ],
    ['email', ({ email }) => (parseEmail(email) ?? '').toLowerCase()],
  ];
  return readers.flatMap(([field, read]) => (read(one) !== '' && read(one) === read(other) ? [field] : []));
}

function readDigits(typed: string): string {
  const cpr = parseCpr(typed);
  return typeof cpr === 'string' ? '' : cpr.digits;
}
