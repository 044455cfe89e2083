/**
 * A form that was not judged (nothing typed, a name that is locked) leaves no row, and one of a browser that
 * does not hold the row changes nothing in it: what the next page mentions is carried by the browser, sealed
 * for its sign-in. Anybody may send such forms without end.
 */
import type { Factor } from '../../core/levels.ts';
import type { PendingRequest } from '../../core/signIn/pendingRequest.ts';
import { nextStep, type Outcome, type Step } from '../../core/signIn.ts';
import { outcomeFromJson, type OutcomeJson } from '../../store/signIns.ts';
import type { World } from '../world.ts';

export interface UnjudgedForm {
  readonly outcome: Outcome;
  /** As the page shows it again. */
  readonly typedName: string;
}

export function sealUnjudged({ keyring }: World, interactionId: string, form: UnjudgedForm): string {
  const json = JSON.stringify(form);
  return keyring.seal('records', json, contextOf(interactionId)).toString('base64url');
}

/** @param texts that the browser brought @returns null where none is of this sign-in */
export function openUnjudged(
  { keyring }: World,
  interactionId: string,
  texts: readonly string[],
): UnjudgedForm | null {
  for (const text of texts) {
    try {
      const json = keyring.open('records', Buffer.from(text, 'base64url'), contextOf(interactionId));
      return fromJson(json);
    } catch {
      // Of another sign-in, or made up.
    }
  }
  return null;
}

/** Where nobody is known yet, so no page that needs a person. */
type UnjudgedStep = Extract<Step, { page: 'password' | 'locked' | 'refused' }>;

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
export function showUnjudged(world: World, request: PendingRequest, form: UnjudgedForm): UnjudgedStep {
  const step = nextStep({ ...NOTHING_SHOWN, identity: null, ...form }, request, [], world.clock.now());
  if (step.page === 'locked' || step.page === 'refused') return step;
  return { page: 'password', ...form };
}

function fromJson(json: string): UnjudgedForm {
  const { outcome: read, typedName } = JSON.parse(json) as { outcome: OutcomeJson; typedName: string };
  const outcome = outcomeFromJson(read);
  if (!outcome) throw new Error('a form that was carried has an outcome');
  return { outcome, typedName };
}

function contextOf(interactionId: string): string {
  return `unjudged form v1 ${interactionId}`;
}
