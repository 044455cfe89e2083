/**
 * Why a person cannot sign in, what was done with their ID, and where their letters are: what the hotline and
 * officers are asked about. Each line requires the permission for what it shows.
 */
import { businessDaysAfter, type Day } from '../../../domain/calendar.ts';
import type { LetterKind } from '../../../domain/letter.ts';
import type { Actor } from '../../../domain/notice.ts';
import { readLockoutPolicies, readLockStatus, type LockoutPolicy } from '../../../domain/signIn/lockout.ts';
import { isPermitted, type Staff, type View } from '../../../domain/staff/staff.ts';
import { readAttempts } from '../../../db/signIn/attempts.ts';
import { deriveAttemptSubjects } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';
import { listHistoryKinds, type HistoryKind } from './history.rules.ts';
import { findAttemptSubjects, listHistory, listLetterStates } from './personState.queries.ts';

/** What keeps the person from signing in, apart from the state of the ID. */
export type SignInObstacle =
  /** Wrong keys in a row; it opens by itself. */
  | { readonly kind: 'keys'; readonly opensAt: Date }
  /** Wrong passwords, on computers and phones that are not known; it opens by itself. */
  | { readonly kind: 'password'; readonly opensAt: Date }
  /** Too many wrong passwords: there a code is needed, which we send. */
  | { readonly kind: 'code_needed' }
  | { readonly kind: 'no_card' };

export async function readObstacles(
  context: AppContext,
  identityId: string,
  { hasCard }: { hasCard: boolean },
): Promise<SignInObstacle[]> {
  const { database, rules } = context;
  const stored = await findAttemptSubjects(database, identityId);
  const derived = deriveAttemptSubjects(context, identityId);
  const policies = readLockoutPolicies(rules);
  const password = await readStatus(context, stored.password ?? derived.password, policies.password);
  const key = await readStatus(context, stored.key ?? derived.key, policies.key);
  const obstacles: SignInObstacle[] = [];
  if (password.kind === 'locked') obstacles.push({ kind: 'password', opensAt: password.opensAt });
  if (password.kind === 'worn_out') obstacles.push({ kind: 'code_needed' });
  if (key.kind === 'locked') obstacles.push({ kind: 'keys', opensAt: key.opensAt });
  if (!hasCard) obstacles.push({ kind: 'no_card' });
  return obstacles;
}

async function readStatus({ database, clock }: AppContext, subject: Buffer, policy: LockoutPolicy) {
  const { attempts } = await readAttempts(database, subject);
  return readLockStatus(attempts, policy, clock.now());
}

export interface HistoryEntry {
  readonly id: string;
  readonly at: Date;
  readonly kind: HistoryKind;
  /** Who did it; null where that goes without saying. */
  readonly by: Actor | null;
  /** In the words of the member of staff; null for those who may not see it. */
  readonly reason: string | null;
}

const MAX_HISTORY = 15;

/** The newest first. */
export async function readHistory(
  { database }: AppContext,
  staff: Staff,
  identityId: string,
): Promise<HistoryEntry[]> {
  const kinds = listHistoryKinds(staff);
  const stored = await listHistory(database, identityId, { kinds, limit: MAX_HISTORY });
  const seesReasons = isPermitted(staff, 'see_reasons');
  return stored.flatMap(({ kind: name, reason, ...entry }) => {
    const kind = kinds.find((one) => one === name);
    return kind ? [{ ...entry, kind, reason: seesReasons && entry.by === 'staff' ? reason : null }] : [];
  });
}

export interface LetterState {
  readonly id: string;
  readonly kind: LetterKind;
  /** `set_aside`: it cannot be sent, and operators look at it. */
  readonly state: 'waiting' | 'sent' | 'set_aside';
  readonly orderedAt: Date;
  readonly postOn: Day | null;
  /** Null until it is sent. */
  readonly expected: { readonly from: Day; readonly to: Day } | null;
}

const MAX_LETTERS = 8;

const VIEW_OF_LETTER: Readonly<Record<LetterKind, View>> = {
  welcome: 'see_cards',
  card: 'see_cards',
  token: 'see_cards',
  password: 'see_password_letter',
  notice: 'see_letters',
};
const LETTER_KINDS = Object.keys(VIEW_OF_LETTER) as readonly LetterKind[];

/** The newest first. */
export async function readLetterStates(
  { database, rules }: AppContext,
  staff: Staff,
  identityId: string,
): Promise<LetterState[]> {
  const { from, to } = rules.arrival;
  const kinds = LETTER_KINDS.filter((kind) => isPermitted(staff, VIEW_OF_LETTER[kind]));
  const stored = await listLetterStates(database, identityId, { kinds, limit: MAX_LETTERS });
  return stored.map((one) => {
    const { postOn } = one;
    const isSent = one.state === 'sent' && postOn !== null;
    const expected = isSent
      ? { from: businessDaysAfter(postOn, from), to: businessDaysAfter(postOn, to) }
      : null;
    return { ...one, expected };
  });
}
