/** The handler of the form for a code token's code. */
import type { StepResult, Submission } from '../step.ts';
import { HttpError } from '../../../ui/httpError.ts';

export function submitCodeTokenForm(_submission: Submission): Promise<StepResult> {
  throw new HttpError(400, 'bad_form');
}
