/** What the steps of a sign-in are made of: a form that was sent, and what becomes of it. */
import type { Context, Next } from 'koa';
import type { Factor } from '../../domain/signIn/levels.ts';
import type { PendingRequest } from '../../domain/signIn/pendingRequest.ts';
import type { Interactions } from '../../oidc/signIn/interaction.ts';
import type { FormResult, SubmittedForm } from './holder/holder.ts';
import type { HolderResult } from './holder/moveHolder.ts';
import type { StepToShow } from './showSignIn.ts';
import type { CookieOutcome } from './holder/outcomeOfCookie.ts';
import type { AppContext } from '../appContext.ts';
import type { PostedForm } from '../../http/forms.ts';
import { HttpError } from '../../ui/httpError.ts';

export interface SignInDeps {
  readonly context: AppContext;
  readonly interactions: Interactions;
  readonly stylesheet: string;
  readonly isSecure: boolean;
}

/** A form that was sent, its own proof looked at. */
export interface Submission {
  readonly deps: SignInDeps;
  readonly ctx: Context;
  readonly next: Next;
  readonly request: PendingRequest;
  readonly form: PostedForm;
  readonly sent: SubmittedForm;
  /** By which this browser holds the row: of its cookie, or of this form once that has moved the row. */
  readonly secret: string | null;
}

/** What a step leaves to the dispatcher. */
export type StepResult =
  /**
   * The state says which page is next, by 303. `holds`: this browser holds the row by the form that it sent.
   * `unjudged`: what the browser carries there of that form, if it left nothing else.
   */
  | { readonly next: 'page'; readonly holds: boolean; readonly cookieOutcome?: CookieOutcome }
  /** Nothing of the form counts: its page again, by 303, and what the browser carries stays. */
  | { readonly next: 'same-page' }
  /** The provider answers now, if nothing else is asked. `secret`: by which this browser holds the row. */
  | { readonly next: 'resume'; readonly secret: string | null }
  /** The request was refused: the provider answers now. */
  | { readonly next: 'end'; readonly secret: string | null }
  /** The form was judged before: its answer again, and what belongs to it. */
  | { readonly next: 'repeat'; readonly holds: boolean; readonly afterwards?: () => Promise<void> }
  /** The provider's answer is in this exchange already. */
  | { readonly next: 'answered' };

/** A form that shows a factor, or what stands in for one. */
export interface FactorStep {
  /** The page that the form is on. */
  readonly page: StepToShow['page'];
  /** The form's own name, in its field `step`. */
  readonly form: 'password' | 'code' | 'key' | 'new-card';
  /** What it shows; null: nothing that a relying party could ask for. */
  readonly factor: Factor | null;
  readonly handle: (submission: Submission) => Promise<StepResult>;
}

/** A form that shows none, by the name of its button. */
export interface ButtonStep {
  readonly page: StepToShow['page'] | 'every';
  readonly button: 'again' | 'another' | 'skip' | 'accept' | 'continue' | 'cancel';
  /** Where one button stands on two pages: a yes to one is none to the other. */
  readonly form?: 'public-sites' | 'consent';
  readonly handle: (submission: Submission) => Promise<StepResult>;
  /** What it does where the row is not this browser's, or where there is none; null: as all others do. */
  readonly handleUnheld?: (submission: Submission, held: HolderResult) => Promise<StepResult | null>;
}

export type FormStep = FactorStep | ButtonStep;

/**
 * What becomes of a form that shows a factor.
 * @param mayEnd nothing else may be asked after it
 * @throws HttpError (429, 503)
 */
export function resultOf(
  { sent, secret }: Submission,
  { kind, holds, cookieOutcome }: FormResult<'judged' | 'signed_in' | 'answered' | 'slowed'>,
  mayEnd: boolean,
): StepResult {
  switch (kind) {
    case 'busy':
      throw new HttpError(503, 'busy');
    case 'slowed':
      throw new HttpError(429, 'slowed');
    case 'answered':
      return { next: 'answered' };
    case 'again':
      return { next: 'repeat', holds };
    case 'judged':
    case 'signed_in':
      if (cookieOutcome) return { next: 'page', holds, cookieOutcome };
      return mayEnd ? { next: 'resume', secret: holds ? sent.secret : secret } : { next: 'page', holds };
  }
}
