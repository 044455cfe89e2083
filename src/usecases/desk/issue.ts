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
import { isPermitted, type Staff } from '../../core/staff.ts';
import { apply, judge } from '../issuing/apply.ts';
import { marksIn, type Submission } from '../issuing/submission.ts';
import { marksOf } from '../issuing/recognise.ts';
import { composeSubmission } from '../issuing/composeSubmission.ts';
import type { World } from '../world.ts';
import { countStaffAction, takeBackStaffAction } from './limits.ts';
import { findLookalikes, noteShown, type Lookalike } from './lookalikes.ts';
import { recordLookUp, type OverLimit } from './lookUps.ts';
import { noteRefusal } from './refusals.ts';
import { searchKnown } from './search.ts';
import { derivedUuid } from './uuids.ts';

export interface Prepared {
  readonly kind: 'prepared';
  readonly submission: Submission;
  readonly verdict: Judged;
  /** What the register writes, where that is not letter by letter what was typed. */
  readonly registeredName: string | null;
}

/** `name_differs`: the register has another name for this CPR number. Which one is not said: a number is not to give a name. */
export type Preparing = Prepared | OverLimit | { readonly kind: 'name_differs' };

export async function prepareIssue(
  world: World,
  { staff, register }: { staff: Staff; register: PopulationRegister },
  asked: {
    readonly id: string;
    readonly form: DeskForm;
    readonly reason: string;
    readonly isSomebodyElse: boolean;
  },
): Promise<Preparing> {
  const { form, reason } = asked;
  const house = issuerOf(staff);
  const typedName = fullName(form);
  if (form.cpr !== null) {
    // Each name and each document that is tried at one number is a look-up of its own.
    const { likeness, document } = marksOf(world, form);
    const parts = [asked.id, typedName, document?.toString('hex') ?? ''];
    const over = await recordLookUp(world, staff, { what: 'issue', reason, cpr: form.cpr, likeness, parts });
    if (over) return over;
  }
  const entry = form.cpr === null ? null : await register.find(form.cpr);
  const registered = entry && fullName(entry);
  if (registered && !isSameName(typedName, registered)) {
    return { kind: 'name_differs' };
  }
  // Who looks alike is an officer's to judge: a bank sends the applicant to Borgerservice, whatever its form says.
  const mayJudge = isPermitted(staff, 'judge_likeness');
  if (asked.isSomebodyElse && !mayJudge) {
    await noteRefusal(world, staff, { what: 'judge_likeness', why: 'not_your_role', identityId: null });
  }
  const submission = composeSubmission(form, entry, {
    id: asked.id,
    path: staff.employer === 'bank' ? 'bank' : 'desk',
    officerId: staff.staffId,
    issuedBy: house,
    isSomebodyElse: asked.isSomebodyElse && mayJudge,
  });
  const verdict = judge(world, submission.application);
  return {
    kind: 'prepared',
    submission,
    verdict,
    registeredName: registered && registered !== typedName ? registered : null,
  };
}

/** @throws for those who issue nothing: before anything is looked up. */
function issuerOf(staff: Staff): string {
  const house = houseOf(staff);
  if (house === null || !isPermitted(staff, 'issue')) throw new Error('this member of staff issues nothing');
  return house;
}

export type Issued =
  /** Whatever came of it stands in the application. */
  | { readonly kind: 'decided' }
  /**
   * Nobody gets a second one, and a clerk has to know that nothing can be issued: they learn that the applicant
   * has an ID, also where another bank issued it, and no more. Null for a clerk, who is led nowhere.
   */
  | { readonly kind: 'has_id'; readonly searchId: string | null }
  | { readonly kind: 'looks_like'; readonly people: readonly Lookalike[] }
  /** Somebody like the applicant has an ID: a clerk learns neither that nor who, only where to send them. */
  | { readonly kind: 'for_borgerservice' }
  | { readonly kind: 'another_waits' }
  | OverLimit
  /** The CPR number became another since the page was drawn, of somebody of another name. */
  | { readonly kind: 'changed' };

/** @param sent.reason why the person is looked up, as the form says it. */
export async function issue(world: World, staff: Staff, sent: Sent): Promise<Issued> {
  const { submission, reason } = sent;
  issuerOf(staff);
  const over = await countIssue(world, staff, sent);
  if (over) return over;
  const applied = await apply(world, submission);
  switch (applied.kind) {
    case 'issued':
    case 'refused':
    case 'waiting':
      return { kind: 'decided' };
    case 'has_id':
      await takeBackIssue(world, staff, submission);
      return { kind: 'has_id', searchId: await leadTo(world, staff, sent, applied.identityId) };
    case 'looks_like': {
      await takeBackIssue(world, staff, submission);
      const isShown = isPermitted(staff, 'judge_likeness');
      await noteShown(world, staff, applied.identityIds, { reason, shown: isShown });
      // They may be anybody's: a clerk sends the applicant to Borgerservice.
      if (!isShown) return { kind: 'for_borgerservice' };
      return { kind: 'looks_like', people: await findLookalikes(world, applied.identityIds) };
    }
    case 'another_waits':
    case 'changed':
      await takeBackIssue(world, staff, submission);
      return applied;
  }
}

export interface Sent {
  readonly submission: Submission;
  readonly reason: string;
}

/**
 * A person without a CPR number is looked up only when the form is sent: that counts as a look-up of its own.
 */
async function countIssue(
  world: World,
  staff: Staff,
  { submission, reason }: Sent,
): Promise<OverLimit | null> {
  const { likeness, document, cpr } = marksIn(world, submission);
  const form = formOfIssue(world, submission);
  if (cpr === null) {
    const parts = [submission.id, document?.toString('hex') ?? ''];
    const over = await recordLookUp(world, staff, { what: 'issue', reason, cpr: null, likeness, parts });
    if (over) return over;
  }
  const counted = await countStaffAction(world, world.database, staff, { kind: 'issue', form });
  if (typeof counted === 'string') return null;
  await noteRefusal(world, staff, { what: 'issue', why: 'over_limit', identityId: null });
  return { kind: 'over_limit', limit: counted };
}

async function takeBackIssue(world: World, staff: Staff, submission: Submission): Promise<void> {
  await takeBackStaffAction(world, staff, { kind: 'issue', form: formOfIssue(world, submission) });
}

/** Of two applicants under one application, the one who gets no ID takes back no count of the other. */
function formOfIssue(world: World, submission: Submission): string {
  const { likeness, document, cpr } = marksIn(world, submission);
  const parts = [submission.id, (cpr ?? likeness).toString('hex'), document?.toString('hex') ?? ''];
  return derivedUuid(world, 'desk issue', parts);
}

/** The officer knows the applicant again in one of those who were shown. @returns null for anybody else. */
export async function sayItIs(
  world: World,
  staff: Staff,
  sent: Sent,
  identityId: string,
): Promise<Issued | null> {
  const submission = { ...sent.submission, isSomebodyElse: false };
  const applied = await issue(world, staff, { ...sent, submission });
  if (applied.kind !== 'looks_like') return applied;
  if (!applied.people.some((one) => one.identityId === identityId)) return null;
  return { kind: 'has_id', searchId: await leadTo(world, staff, sent, identityId) };
}

async function leadTo(
  world: World,
  staff: Staff,
  { submission, reason }: Sent,
  identityId: string,
): Promise<string | null> {
  const searchId = await searchKnown(world, staff, { identityId, why: { reason }, form: submission.id });
  return isPermitted(staff, 'see_known_id') ? searchId : null;
}
