/** The forms of the new-card page: its first key, or "not now". */
import { submitNewCardKey, skipNewCardStep } from './submitNewCardKey.ts';
import { showSignIn } from '../showSignIn.ts';
import { readAnswer } from '../key/key.ts';
import { readRelyingParty, resultOf, type StepResult, type Submission } from '../step.ts';

export async function submitNewCardForm(submission: Submission): Promise<StepResult> {
  const { deps, request, form, sent, secret } = submission;
  const answer = await submitNewCardKey(deps.context, {
    interactionId: request.id,
    at: readRelyingParty(request),
    sessionUid: request.stepUp?.sessionUid ?? null,
    ...readAnswer(form, 'newKey'),
    sent,
    secret,
  });
  return resultOf(submission, answer, true);
}

/** Skips the new card, only when it is asked for in addition to the old one. */
export async function skipNewCard({ deps, request, secret }: Submission): Promise<StepResult> {
  const shown = await showSignIn(deps.context, request, secret);
  if (shown.page === 'new-card' && !shown.instead) await skipNewCardStep(deps.context, request.id);
  return { next: 'resume', secret };
}
