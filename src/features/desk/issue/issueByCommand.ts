/**
 * Issuing from the command line: any ID in the sandbox; in production those of the first two operators, once.
 * The fields are those of the desk's form, and the same functions read and check them.
 */
import type { RefusalReason } from '../../../domain/issuing/application.ts';
import { readDeskForm, type DeskFaults, type DeskFormInput } from '../../../domain/issuing/deskForm.ts';
import { isSameName } from '../../../domain/person/names.ts';
import type { PopulationRegister } from '../../../domain/issuing/populationRegister.ts';
import { fullName } from '../../../domain/person/person.ts';
import type { Queryable } from '../../../db/database.ts';
import { isBootstrapped } from '../../../db/installation.ts';
import { recordLookUpByCommand } from '../search/lookUps.ts';
import { makeFirstOperators } from '../staff/makeFirstOperators.ts';
import type { AppContext } from '../../appContext.ts';
import {
  type ApplicationResult,
  type ApplicationSubmission,
  composeSubmission,
  decideByRules,
  submitApplication,
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
  /** `which` is the index in the pair, 0 or 1; no ID was issued to either. */
  | { readonly kind: 'not_possible'; readonly which: number; readonly why: BootstrapObstacle };

type BootstrapObstacle =
  | Exclude<IssueFormReading, { kind: 'read' }>
  | { readonly kind: 'refused'; readonly reasons: readonly RefusalReason[] }
  | { readonly kind: 'looks_like' };

/**
 * Makes the first two operators. Both are checked before an ID is issued to either. A person who got an
 * ID in the meantime becomes an operator with it, so a command that was killed half-way can be repeated.
 *
 * @param record records each ID that is issued, and that both are operators, in the transaction of each.
 */
export async function bootstrapOperators(
  deps: IssueCommandDeps,
  pair: readonly [DeskFormInput, DeskFormInput],
  record: (db: Queryable, about: Readonly<Record<string, unknown>>) => Promise<void> = async () => {},
): Promise<BootstrapResult> {
  const { context } = deps;
  if (await isBootstrapped(context.database)) return { kind: 'already' };
  const submissions: ApplicationSubmission[] = [];
  for (const [which, typed] of pair.entries()) {
    const outcome = await readIssueForm(deps, typed);
    if (outcome.kind !== 'read') return { kind: 'not_possible', which, why: outcome };
    const verdict = decideByRules(context, outcome.submission.application);
    if (verdict.kind === 'refused') return { kind: 'not_possible', which, why: verdict };
    submissions.push(outcome.submission);
  }
  const identityIds: string[] = [];
  for (const [which, submission] of submissions.entries()) {
    const applied = await submitApplication(context, submission, async (db, { kind, ...about }) => {
      if (kind === 'issued') await record(db, about);
    });
    if (applied.kind === 'refused') return { kind: 'not_possible', which, why: applied };
    if (applied.kind !== 'issued' && applied.kind !== 'has_id') {
      return { kind: 'not_possible', which, why: { kind: 'looks_like' } };
    }
    identityIds.push(applied.identityId);
  }
  const [first = '', second = ''] = identityIds;
  return { kind: await makeFirstOperators(context, [first, second], record) };
}
