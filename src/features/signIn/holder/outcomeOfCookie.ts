/**
 * The outcome of a form that was not recorded, as its browser stores it in a cookie, sealed for its sign-in.
 * A form that was not verified (nothing typed, a locked name) creates no row, and one of a browser that does
 * not hold the row changes nothing in it: anyone may send such forms without end.
 */
import type { Factor } from '../../../domain/signIn/levels.ts';
import type { PendingRequest } from '../../../domain/signIn/pendingRequest.ts';
import { nextSignInStep, type SignInOutcome, type SignInStep } from '../../../domain/signIn/signIn.ts';
import { readOutcomeJson, type OutcomeJson } from '../../../db/signIn/signIns.ts';
import type { AppContext } from '../../appContext.ts';

export interface CookieOutcome {
  readonly outcome: SignInOutcome;
  /** As the page shows it again. */
  readonly typedName: string;
}

export function sealCookieOutcome(
  { keyring }: AppContext,
  interactionId: string,
  form: CookieOutcome,
): string {
  const json = JSON.stringify(form);
  return keyring.seal('records', json, composeCookieContext(interactionId)).toString('base64url');
}

/**
 * @param texts from the browser's cookies
 * @returns null when none belongs to this sign-in
 */
export function openCookieOutcome(
  { keyring }: AppContext,
  interactionId: string,
  texts: readonly string[],
): CookieOutcome | null {
  for (const text of texts) {
    try {
      const json = keyring.open(
        'records',
        Buffer.from(text, 'base64url'),
        composeCookieContext(interactionId),
      );
      return parseCookieOutcome(json);
    } catch {
      // It belongs to another sign-in, or is forged.
    }
  }
  return null;
}

/** The pages for a person who is not known yet. */
type AnonymousStep = Extract<SignInStep, { page: 'password' | 'locked' | 'refused' }>;

/** The state of a sign-in in which no factor was given. */
export const NOTHING_SHOWN = {
  card: null,
  comingCard: null,
  securityKeys: [],
  codeToken: null,
  lastCardState: null,
  keysLockedUntil: null,
  newCardSkipped: false,
  passwordAt: null,
  signedInAt: null,
  factors: new Set<Factor>(),
  consented: false,
} as const;

/** Chooses the page for a cookie's outcome, when no form of this sign-in was recorded. */
export function showCookieOutcome(
  context: AppContext,
  request: PendingRequest,
  form: CookieOutcome,
): AnonymousStep {
  const step = nextSignInStep(
    { ...NOTHING_SHOWN, identity: null, ...form },
    request,
    [],
    context.clock.now(),
  );
  if (step.page === 'locked' || step.page === 'refused') return step;
  return { page: 'password', ...form };
}

function parseCookieOutcome(json: string): CookieOutcome {
  const { outcome: read, typedName } = JSON.parse(json) as { outcome: OutcomeJson; typedName: string };
  const outcome = readOutcomeJson(read);
  if (!outcome) throw new Error('the sealed cookie has no outcome');
  return { outcome, typedName };
}

function composeCookieContext(interactionId: string): string {
  return `unjudged form v1 ${interactionId}`;
}
