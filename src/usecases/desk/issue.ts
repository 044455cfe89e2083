/**
 * Issuing in person. The form becomes an application here: what the register says goes before what is typed, and the
 * core judges. Shown first, done when it is sent again; in between nothing is kept anywhere.
 */
import { houseOf } from '../../core/desk.ts';
import type { Judged } from '../../core/issuing/application.ts';
import type { DeskForm } from '../../core/issuing/deskForm.ts';
import { isSameName } from '../../core/issuing/names.ts';
import type { PopulationRegister } from '../../core/issuing/register.ts';
import { fullName } from '../../core/person.ts';
import type { Staff } from '../../core/staff.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { apply, judge } from '../issuing/apply.ts';
import type { Submission } from '../issuing/submission.ts';
import { composeSubmission } from '../issuing/composeSubmission.ts';
import type { World } from '../world.ts';
import { AT_ISSUING, findLookalikes, noteShown, type Lookalike } from './lookalikes.ts';
import { searchKnown } from './search.ts';

export interface Prepared {
  readonly kind: 'prepared';
  readonly submission: Submission;
  readonly verdict: Judged;
  /** What the register writes, where that is not letter by letter what was typed. */
  readonly registeredName: string | null;
}

/** `name_differs`: the register has another name for this CPR number. Which one is not said: a number is not to give a name. */
export type Preparing = Prepared | { readonly kind: 'name_differs' };

export async function prepareIssue(
  world: World,
  { staff, register }: { staff: Staff; register: PopulationRegister },
  asked: { readonly id: string; readonly form: DeskForm; readonly isSomebodyElse: boolean },
): Promise<Preparing> {
  const { form } = asked;
  const entry = form.cpr === null ? null : await register.find(form.cpr);
  if (entry) await noteLookUp(world, staff);
  const typedName = fullName(form);
  const registered = entry && fullName(entry);
  if (registered && !isSameName(typedName, registered)) {
    return { kind: 'name_differs' };
  }
  const house = houseOf(staff);
  if (house === null) throw new Error('this role issues nothing');
  const submission = composeSubmission(form, entry, {
    id: asked.id,
    path: staff.role === 'bank_clerk' ? 'bank' : 'desk',
    officerId: staff.staffId,
    issuedBy: house,
    isSomebodyElse: asked.isSomebodyElse,
  });
  const verdict = judge(world, submission.application);
  return {
    kind: 'prepared',
    submission,
    verdict,
    registeredName: registered && registered !== typedName ? registered : null,
  };
}

/** A CPR number at a counter shows a name: who asked is written down. Nobody has an ID yet whose log it could be in. */
async function noteLookUp({ database }: World, { staffId, role }: Staff): Promise<void> {
  await appendEvent(database, { kind: 'register_looked_up', identityId: null, details: { staffId, role } });
}

export type Issued =
  /** Whatever came of it stands in the application. */
  | { readonly kind: 'decided' }
  /** Null for a clerk, who is led nowhere. */
  | { readonly kind: 'has_id'; readonly searchId: string | null }
  | { readonly kind: 'looks_like'; readonly people: readonly Lookalike[] }
  /** Somebody may have an ID already; a clerk is not told who. */
  | { readonly kind: 'for_borgerservice' }
  | { readonly kind: 'another_waits' }
  /** The CPR number became another since the page was drawn, of somebody of another name. */
  | { readonly kind: 'changed' };

export async function issue(world: World, staff: Staff, submission: Submission): Promise<Issued> {
  const applied = await apply(world, submission);
  switch (applied.kind) {
    case 'issued':
    case 'refused':
    case 'waiting':
      return { kind: 'decided' };
    case 'has_id':
      return { kind: 'has_id', searchId: await leadTo(world, staff, submission, applied.identityId) };
    case 'looks_like': {
      const isShown = staff.role !== 'bank_clerk';
      await noteShown(world, staff, applied.identityIds, { reason: AT_ISSUING, shown: isShown });
      // They may be anybody's: a clerk sends the applicant to Borgerservice.
      if (!isShown) return { kind: 'for_borgerservice' };
      return { kind: 'looks_like', people: await findLookalikes(world, applied.identityIds) };
    }
    case 'another_waits':
    case 'changed':
      return applied;
  }
}

/** The officer knows the applicant again in one of those who were shown. @returns null for anybody else. */
export async function sayItIs(
  world: World,
  staff: Staff,
  submission: Submission,
  identityId: string,
): Promise<Issued | null> {
  const applied = await issue(world, staff, { ...submission, isSomebodyElse: false });
  if (applied.kind !== 'looks_like') return applied;
  if (!applied.people.some((one) => one.identityId === identityId)) return null;
  return { kind: 'has_id', searchId: await leadTo(world, staff, submission, identityId) };
}

async function leadTo(
  world: World,
  staff: Staff,
  { id }: Submission,
  identityId: string,
): Promise<string | null> {
  const searchId = await searchKnown(world, staff, { identityId, reason: AT_ISSUING, form: id });
  return staff.role === 'bank_clerk' ? null : searchId;
}
