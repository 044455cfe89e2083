/**
 * The actions of staff on an ID, after permission was checked. Each runs in one transaction with its audit
 * record and, except for a sign-out, a notice to the person. A form takes effect once: under the owner's lock
 * it is first checked whether the form was performed already, and a form that is sent again changes nothing,
 * regardless of what happened to the ID in the meantime.
 */
import type { CardFormat } from '../../../domain/card/cardFormat.ts';
import { findCardOnTheWay, type CardRefusal } from '../../../domain/card/cardLife.ts';
import type { BlockTarget } from '../../../domain/factors/heldFactors.ts';
import type { CodeTokenRefusal } from '../../../domain/factors/codeTokenRefusal.ts';
import type { DeskAction } from '../../../domain/staff/desk.ts';
import { foldDocumentNumber, type Identification } from '../../../domain/issuing/identification.ts';
import type { PopulationRegisterStatus } from '../../../domain/issuing/populationRegister.ts';
import type { Notice } from '../../../domain/notice.ts';
import type { PublicSitesBlocker } from '../../../domain/signIn/publicSites.ts';
import {
  unpackSecurityKey,
  type PackedSecurityKey,
  type SecurityKeyRefusal,
} from '../../../domain/factors/securityKey.ts';
import { addSecurityKeyInTransaction } from '../../securityKeys/index.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { lockCardSet } from '../../../db/cards/cardSets.ts';
import { enqueueMissedLogouts } from '../../../db/oidc/backchannelLogouts.ts';
import type { Queryable } from '../../../db/database.ts';
import { isActionDone, unblockIdentity, voidPasswordLetters } from '../../../db/people/deskActions.ts';
import { blockInTransaction, endLeftFactors } from '../../factors/index.ts';
import {
  applyCardCommandInTransaction,
  findBlockerOfIdentity,
  orderCardInFormat,
  orderPreparedPassword,
  preparePasswordLetter,
  setPublicSitesInTransaction,
} from '../../identity/index.ts';
import { findEntryOfIdentity } from '../../../db/people/populationRegister.ts';
import { enqueueNotice } from '../../../db/cards/notices.ts';
import { endWaitOfCodeToken, stopCodeToken } from '../../codeTokens/index.ts';
import { cancelEmailInTransaction } from '../../contact/index.ts';
import type { AppContext } from '../../appContext.ts';
import { proofIdentity } from './proofIdentity.ts';
import type { ByStaffForm } from './byStaff.ts';
import { applyDeskCodeToken, type DeskCodeToken } from './deskCodeToken.ts';
import { signOutInTransaction } from './signOut.ts';

export type PerformedActionResult =
  | 'done'
  | 'nobody'
  | 'not_blocked'
  | 'email_not_waiting'
  | 'already_proofed'
  /** The status in the population register rules it out. */
  | Exclude<PopulationRegisterStatus, 'active'>
  | CardRefusal
  | SecurityKeyRefusal
  | CodeTokenRefusal
  | PublicSitesBlocker;
/** As it waits for a colleague, too. */
export type NamedSecurityKey = PackedSecurityKey & { readonly name: string };
export interface ActionToPerform {
  readonly kind: DeskAction;
  /** Of a card that is ordered; null: the one that the person has chosen. */
  readonly cardFormat: CardFormat | null;
  /** The one that is added; null for other actions. */
  readonly securityKey: NamedSecurityKey | null;
  /** Of an action on a code token. */
  readonly codeToken?: DeskCodeToken | null;
}

/**
 * A keyed hash in the form that features/issuing/recognisePerson.ts compares; the number itself is not
 * stored.
 */
export function hashDocumentOfAction({ keyring }: AppContext, { kind, number }: Identification) {
  const mac = keyring.hmac('cprLookup', `document v1 ${kind} ${foldDocumentNumber(number)}`);
  return { kind, document: mac.toString('base64url') };
}

/**
 * Performs an action once per form.
 *
 * @param by its member `deed` is the id of the form, generated with it: a form that was performed already is
 *   not performed again.
 */
export async function performActionOnce(
  context: AppContext,
  identityId: string,
  { kind: action, cardFormat, securityKey, codeToken = null }: ActionToPerform,
  by: ByStaffForm,
): Promise<PerformedActionResult> {
  switch (action) {
    case 'sign-out-everywhere':
      return await runOnceWithLogouts(context, identityId, by, (db, cardSet) =>
        signOutInTransaction(context, db, identityId, cardSet, by),
      );
    case 'block-card':
    case 'block-security-keys':
    case 'block-code-token':
    case 'block-id': {
      const what = BLOCK_TARGET_OF[action];
      const notice = { kind: 'id_blocked', details: { by: by.by } } as const;
      return await runOnceWithLogouts(context, identityId, by, (db) =>
        blockInTransaction(context, db, identityId, what, by, { notice }),
      );
    }
    case 'public-sites-on':
      return await runOncePerForm(context, identityId, by, async (db, cardSet) => {
        if (cardSet.isBlocked) return 'id_blocked';
        const blocker = await findBlockerOfIdentity(context, db, identityId);
        if (blocker) return blocker;
        await setPublicSitesInTransaction(context, db, identityId, { on: true, by });
        return 'done';
      });
    case 'public-sites-off': {
      const outcome = await runOncePerForm(context, identityId, by, async (db) => {
        await setPublicSitesInTransaction(context, db, identityId, { on: false, by });
        return 'done';
      });
      await enqueueMissedLogouts(context.database, identityId, 'public');
      return outcome;
    }
    case 'new-card':
      return await runOncePerForm(context, identityId, by, (db) =>
        cardFormat
          ? orderCardInFormat(context, db, identityId, cardFormat, by)
          : applyCardCommandInTransaction(context, db, identityId, { kind: 'order' }, by),
      );
    case 'add-security-key':
      return await runOncePerForm(context, identityId, by, async (db, cardSet) => {
        if (cardSet.isBlocked) return 'id_blocked';
        if (!securityKey) throw new Error('a form without a security key is not performed');
        const { name, ...packed } = securityKey;
        const toAdd = {
          key: unpackSecurityKey(packed),
          name,
          place: 'desk',
          isConfirmed: by.confirmedBy !== undefined,
        } as const;
        return (await addSecurityKeyInTransaction(context, db, identityId, toAdd, by)) ?? 'done';
      });
    case 'skip-wait': {
      const skip = { kind: 'end_wait', now: context.clock.now(), skip: true } as const;
      return await runOncePerForm(context, identityId, by, async (db) => {
        const card = await applyCardCommandInTransaction(context, db, identityId, skip, by);
        const token = await endWaitOfCodeToken(context, db, identityId, by, { skip: true });
        return token === null ? 'done' : card;
      });
    }
    case 'give-code-token':
    case 'adjust-code-token':
      return await runOncePerForm(context, identityId, by, async (db, cardSet) => {
        if (cardSet.isBlocked) return 'id_blocked';
        return await applyDeskCodeToken(context, db, identityId, codeToken, by);
      });
    case 'stop-activation':
      return await runOncePerForm(context, identityId, by, async (db, cardSet) => {
        const isTokenStopped = await stopCodeToken(context, db, identityId, by);
        const waiting = findCardOnTheWay(cardSet);
        if (!waiting?.activatesAt || cardSet.isBlocked) return isTokenStopped ? 'done' : 'not_waiting';
        const stop = { kind: 'block_card', guessedAt: waiting.id } as const;
        return await applyCardCommandInTransaction(context, db, identityId, stop, by);
      });
    case 'call-off-email':
      return await runOncePerForm(context, identityId, by, async (db) => {
        const outcome = await cancelEmailInTransaction(context, db, identityId, by);
        return outcome === 'done' ? outcome : 'email_not_waiting';
      });
    case 'temporary-password': {
      const letter = await preparePasswordLetter(context, identityId);
      return await runOncePerForm(context, identityId, by, async (db, cardSet) => {
        if (cardSet.isBlocked) return 'id_blocked';
        if (!cardSet.hasAddress) return 'no_address';
        await orderPreparedPassword(context, db, identityId, letter, by);
        await enqueueActionNotice(context, db, identityId, { kind: 'password_ordered', details: {} });
        return 'done';
      });
    }
    case 'proof-identity':
      // A colleague confirms it: the key was spent when it was proposed.
      return await proofIdentity(context, identityId, null, by);
    case 'reopen':
      return await reopenBlockedIdentity(context, identityId, by);
  }
}

const BLOCK_TARGET_OF = {
  'block-card': 'card',
  'block-security-keys': 'security_keys',
  'block-code-token': 'code_token',
  'block-id': 'identity',
} as const satisfies Partial<Record<DeskAction, BlockTarget>>;

async function runOnceWithLogouts(
  context: AppContext,
  identityId: string,
  by: ByStaffForm,
  work: (db: Queryable, cardSet: LockedCardSet) => Promise<PerformedActionResult>,
): Promise<PerformedActionResult> {
  const outcome = await runOncePerForm(context, identityId, by, work);
  await enqueueMissedLogouts(context.database, identityId);
  return outcome;
}

/**
 * Reopens a blocked ID and leaves nothing valid that was known before: no password, no card, no security
 * key, no code token, no session, and no temporary password that still waits in a letter. Card and password
 * are replaced in the same transaction.
 * The register is never overridden: a person at the counter who is dead or has left the country according to
 * the register is another person, or has the register corrected first.
 */
async function reopenBlockedIdentity(
  context: AppContext,
  identityId: string,
  by: ByStaffForm,
): Promise<PerformedActionResult> {
  const letter = await preparePasswordLetter(context, identityId);
  return await runOncePerForm(context, identityId, by, async (db, cardSet) => {
    if (!cardSet.isBlocked) return 'not_blocked';
    const entry = await findEntryOfIdentity(db, context.keyring, identityId);
    if (entry && entry.status !== 'active') return entry.status;
    if (!cardSet.hasAddress) return 'no_address';
    if (!(await unblockIdentity(db, identityId))) return 'not_blocked';
    await voidPasswordLetters(db, identityId, context.clock.now());
    await endLeftFactors(context, db, identityId, by);
    await appendEvent(db, { kind: 'identity_reopened', identityId, details: by });
    await enqueueActionNotice(context, db, identityId, { kind: 'id_reopened', details: {} });
    const card = await applyCardCommandInTransaction(context, db, identityId, { kind: 'order' }, by);
    if (card !== 'done' && card !== 'on_the_way') throw new Error(`a reopened ID got no card: ${card}`);
    await orderPreparedPassword(context, db, identityId, letter, by);
    return 'done';
  });
}

type LockedCardSet = NonNullable<Awaited<ReturnType<typeof lockCardSet>>>;

/**
 * Runs the work in one transaction that locks the owner: the same form sent concurrently waits, and then
 * finds the action done.
 */
async function runOncePerForm(
  { database }: AppContext,
  identityId: string,
  { deed: action }: ByStaffForm,
  work: (db: Queryable, cardSet: LockedCardSet) => Promise<PerformedActionResult>,
): Promise<PerformedActionResult> {
  return await database.transaction(async (db) => {
    const cardSet = await lockCardSet(db, identityId);
    if (!cardSet) return 'nobody';
    return (await isActionDone(db, identityId, action)) ? 'done' : await work(db, cardSet);
  });
}

async function enqueueActionNotice(
  { random, clock }: AppContext,
  db: Queryable,
  identityId: string,
  notice: Notice,
): Promise<void> {
  await enqueueNotice(db, { id: random.uuid(), identityId, notice }, clock.now());
}
