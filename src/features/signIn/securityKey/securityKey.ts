/** The handler of the form with which a browser answers for a security key or a passkey. */
import type { StepResult, Submission } from '../step.ts';
import { HttpError } from '../../../ui/httpError.ts';

export const SECURITY_KEY_FACTORS = ['passkey', 'security_key', 'attested_key'] as const;

export function submitSecurityKeyForm(_submission: Submission): Promise<StepResult> {
  throw new HttpError(400, 'bad_form');
}
