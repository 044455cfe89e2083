/** Handlers of the forms that begin the sign-in again with a password. */
import { resumeAtPassword, restartAsAnotherPerson } from './restartSignIn.ts';
import type { StepResult, Submission } from '../step.ts';

/** A person who was asked to activate their ID first states that they have. */
export async function restartWithPassword({ deps, request, secret }: Submission): Promise<StepResult> {
  await resumeAtPassword(deps.context, request.id);
  return { next: 'page', holds: secret !== null };
}

/** Applies only to a step-up: without a session there is no signed-in person to replace. */
export async function signInAsAnotherPerson({ deps, request, secret }: Submission): Promise<StepResult> {
  if (request.stepUp) await restartAsAnotherPerson(deps.context, request.id);
  return { next: 'page', holds: secret !== null };
}
