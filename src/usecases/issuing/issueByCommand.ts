/**
 * An ID from the command line: anybody's in the sandbox, and in production those of the first two operators, once. The
 * fields are those of the desk's form, read and judged by the same functions.
 */
import type { RefusalReason } from '../../core/issuing/application.ts';
import { readDeskForm, type DeskFaults, type DeskTyped } from '../../core/issuing/deskForm.ts';
import { isSameName } from '../../core/issuing/names.ts';
import type { PopulationRegister } from '../../core/issuing/register.ts';
import { fullName } from '../../core/person.ts';
import type { Queryable } from '../../store/database.ts';
import { isBootstrapped } from '../../store/installation.ts';
import { noteLookUpByCommand } from '../desk/lookUps.ts';
import { makeFirstOperators } from '../staff/makeFirstOperators.ts';
import type { World } from '../world.ts';
import { apply, judge, type Applied } from './apply.ts';
import type { Submission } from './submission.ts';
import { composeSubmission } from './composeSubmission.ts';

interface Ground {
  readonly world: World;
  readonly register: PopulationRegister;
}

export type Read =
  | { readonly kind: 'faults'; readonly faults: DeskFaults }
  | { readonly kind: 'name_differs' }
  | { readonly kind: 'read'; readonly submission: Submission };

async function read({ world, register }: Ground, typed: DeskTyped): Promise<Read> {
  const { dice, rules, clock } = world;
  const came = readDeskForm(typed, { kinds: rules.identification, now: clock.now() });
  if ('faults' in came) return { kind: 'faults', faults: came.faults };
  const { form } = came;
  if (form.cpr !== null) await noteLookUpByCommand(world, form.cpr);
  const entry = form.cpr === null ? null : await register.find(form.cpr);
  if (entry && !isSameName(fullName(form), fullName(entry))) return { kind: 'name_differs' };
  const path = 'command' as const;
  const given = { id: dice.uuid(), path, officerId: null, issuedBy: 'operator', isSomebodyElse: false };
  return { kind: 'read', submission: composeSubmission(form, entry, given) };
}

/** @param record writes down what came of it, in its transaction. */
export async function issueByCommand(
  ground: Ground,
  typed: DeskTyped,
  record?: (db: Queryable, applied: Applied) => Promise<void>,
): Promise<Applied | Exclude<Read, { kind: 'read' }>> {
  const came = await read(ground, typed);
  return came.kind === 'read' ? await apply(ground.world, came.submission, record) : came;
}

export type Bootstrapped =
  | { readonly kind: 'done' | 'already' }
  /** Of which of the two, 0 or 1; nothing was issued to either. */
  | { readonly kind: 'not_possible'; readonly which: number; readonly why: NotPossible };

type NotPossible =
  | Exclude<Read, { kind: 'read' }>
  | { readonly kind: 'refused'; readonly reasons: readonly RefusalReason[] }
  | { readonly kind: 'looks_like' };

/**
 * Both are judged before anything is issued to either. Whoever has an ID by now becomes an operator with that: a command
 * that died half-way can be given again.
 *
 * @param record writes down each ID that is issued, and that they are operators, in the transaction of each.
 */
export async function bootstrap(
  ground: Ground,
  pair: readonly [DeskTyped, DeskTyped],
  record: (db: Queryable, about: Readonly<Record<string, unknown>>) => Promise<void> = async () => {},
): Promise<Bootstrapped> {
  const { world } = ground;
  if (await isBootstrapped(world.database)) return { kind: 'already' };
  const submissions: Submission[] = [];
  for (const [which, typed] of pair.entries()) {
    const came = await read(ground, typed);
    if (came.kind !== 'read') return { kind: 'not_possible', which, why: came };
    const verdict = judge(world, came.submission.application);
    if (verdict.kind === 'refused') return { kind: 'not_possible', which, why: verdict };
    submissions.push(came.submission);
  }
  const identityIds: string[] = [];
  for (const [which, submission] of submissions.entries()) {
    const applied = await apply(world, submission, async (db, { kind, ...about }) => {
      if (kind === 'issued') await record(db, about);
    });
    if (applied.kind === 'refused') return { kind: 'not_possible', which, why: applied };
    if (applied.kind !== 'issued' && applied.kind !== 'has_id') {
      return { kind: 'not_possible', which, why: { kind: 'looks_like' } };
    }
    identityIds.push(applied.identityId);
  }
  const [first = '', second = ''] = identityIds;
  return { kind: await makeFirstOperators(world, [first, second], record) };
}
