/** The types of a sign-in's steps: a submitted form, and its result. */
import type { Context, Next } from 'koa';
import type { AtRelyingParty } from '../../domain/securityEvent.ts';
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
  readonly issuer: string;
}

/** A submitted form whose CSRF token was verified. */
export interface Submission {
  readonly deps: SignInDeps;
  readonly ctx: Context;
  readonly next: Next;
  readonly request: PendingRequest;
  readonly form: PostedForm;
  readonly sent: SubmittedForm;
  /**
   * The secret under which this browser holds the row: of its cookie, or of this form once it has renewed the
   * secret.
   */
  readonly secret: string | null;
}

export function readRelyingParty({ clientId, kind: rpKind }: PendingRequest): AtRelyingParty {
  return { clientId, rpKind };
}

/** The result of a step, which the dispatcher executes. */
export type StepResult =
  /**
   * The state decides which page is next, by 303. `holds`: this browser holds the row by the form that it
   * sent. `cookieOutcome`: the outcome for the browser's cookie, if the form left nothing else.
   */
  | { readonly next: 'page'; readonly holds: boolean; readonly cookieOutcome?: CookieOutcome }
  /** Nothing of the form counts: its page is shown again, by 303, and the browser's cookie stays. */
  | { readonly next: 'same-page' }
  /**
   * The provider responds now, if nothing else is asked. `secret`: under which this browser holds the row.
   */
  | { readonly next: 'resume'; readonly secret: string | null }
  /** The request was refused: the provider responds now. */
  | { readonly next: 'end'; readonly secret: string | null }
  /** The form was processed before: its answer is repeated, with what belongs to it. */
  | { readonly next: 'repeat'; readonly holds: boolean; readonly afterwards?: () => Promise<void> }
  /** The provider's response is already in this exchange. */
  | { readonly next: 'answered' };

/** A form that gives a factor, or a replacement for one. */
export interface FactorStep {
  /** The page that the form is on. */
  readonly page: StepToShow['page'];
  /** The form's own name, in its field `step`. */
  readonly form: 'password' | 'code' | 'key' | 'new-card' | 'code-token' | 'security-key';
  /** The factors of which it gives one; none for a form that no relying party could ask for. */
  readonly factors: readonly Factor[];
  readonly handle: (submission: Submission) => Promise<StepResult>;
}

/** A form without a factor, identified by the name of its button. */
export interface ButtonStep {
  readonly page: StepToShow['page'] | 'every';
  readonly button: 'again' | 'another' | 'forget' | 'skip' | 'accept' | 'continue' | 'cancel';
  /** For a button that is on two pages: a yes to one question is no yes to the other. */
  readonly form?: 'public-sites' | 'consent';
  readonly handle: (submission: Submission) => Promise<StepResult>;
  /** Handles the form when this browser does not hold the row or no row exists; null: the default applies. */
  readonly handleUnheld?: (submission: Submission, held: HolderResult) => Promise<StepResult | null>;
}

export type FormStep = FactorStep | ButtonStep;

/**
 * The result of a form that gives a factor.
 * @param mayEnd nothing else may be asked after it
 * @throws HttpError (429, 503)
 */
export function resultOf(
  { sent, secret }: Submission,
  { kind, holds, cookieOutcome }: FormResult<'processed' | 'signed_in' | 'answered' | 'slowed'>,
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
    case 'processed':
    case 'signed_in':
      if (cookieOutcome) return { next: 'page', holds, cookieOutcome };
      return mayEnd ? { next: 'resume', secret: holds ? sent.secret : secret } : { next: 'page', holds };
  }
}
