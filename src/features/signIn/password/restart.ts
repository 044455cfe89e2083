/** Forms that begin the sign-in again with a password. */
import { resumeAtPassword, restartAsAnotherPerson } from './restartSignIn.ts';
import type { StepResult, Submission } from '../step.ts';

/** A person who was asked to take their ID into use first says that they have. */
export async function restartWithPassword({ deps, request, secret }: Submission): Promise<StepResult> {
  await resumeAtPassword(deps.context, request.id);
  return { next: 'page', holds: secret !== null };
}

/** Of a session alone: elsewhere no one is signed in for whom another could come. */
export async function signInAsAnotherPerson({ deps, request, secret }: Submission): Promise<StepResult> {
  if (request.stepUp) await restartAsAnotherPerson(deps.context, request.id);
  return { next: 'page', holds: secret !== null };
}
