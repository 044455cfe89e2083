/**
 * A form that was not judged (nothing typed, a name that is locked) leaves no row, and one of a browser that
 * does not hold the row changes nothing in it: what the next page mentions is carried by the browser, sealed
 * for its sign-in. Anybody may send such forms without end.
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

/** @param texts that the browser brought @returns null where none is of this sign-in */
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
      // Of another sign-in, or made up.
    }
  }
  return null;
}

/** Where nobody is known yet, so no page that needs a person. */
type AnonymousStep = Extract<SignInStep, { page: 'password' | 'locked' | 'refused' }>;

/** Of a sign-in in which nobody has shown anything. */
export const NOTHING_SHOWN = {
  card: null,
  comingCard: null,
  lastCardState: null,
  newCardSkipped: false,
  passwordAt: null,
  signedInAt: null,
  factors: new Set<Factor>(),
  consented: false,
} as const;

/** What it leads to, where no form of this sign-in was judged. */
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
  if (!outcome) throw new Error('a form that was carried has an outcome');
  return { outcome, typedName };
}

function composeCookieContext(interactionId: string): string {
  return `unjudged form v1 ${interactionId}`;
}
