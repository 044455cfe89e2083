/**
 * A person's ID as a member of staff may see it. Permissions are checked at each view: a field without
 * permission is absent. It never contains a key, a password or a CPR number: staff who need the number have
 * just typed it.
 */
import type { Localized } from '../../../domain/language/language.ts';
import { findActiveCardOf, findCardOnTheWay } from '../../../domain/card/cardLife.ts';
import {
  offeredActions,
  PERMISSION_OF,
  readAccountStatus,
  type DeskAction,
  type AccountStatus,
} from '../../../domain/staff/desk.ts';
import {
  isAlive,
  pickFactors,
  type AliveState,
  type HeldFactor,
} from '../../../domain/factors/heldFactors.ts';
import { isYoungerThan } from '../../../domain/issuing/application.ts';
import { formatCardNumber } from '../../../domain/card/keyCard.ts';
import type { ProofingLevel } from '../../../domain/person/person.ts';
import type { PostalAddress } from '../../../domain/letter.ts';
import type { PublicSitesBlocker } from '../../../domain/signIn/publicSites.ts';
import { isPermitted, type ActionOnCitizen, type Staff, type View } from '../../../domain/staff/staff.ts';
import { hasPendingCprChange } from '../cprChange/cprChanges.queries.ts';
import { findDeskPerson, listDeskCards, type DeskCard, type DeskPersonRow } from '../deskPeople.queries.ts';
import { findDuplicatesOf } from '../../../db/people/duplicates.ts';
import { findEntryOfIdentity } from '../../../db/people/populationRegister.ts';
import { findRelyingPartyNames } from '../../../db/oidc/relyingParties.ts';
import { openAddress } from '../../contact/index.ts';
import { readHeldFactors } from '../../factors/index.ts';
import type { AppContext } from '../../appContext.ts';
import {
  readHistory,
  readLetterStates,
  readObstacles,
  type HistoryEntry,
  type LetterState,
  type SignInObstacle,
} from './personState.ts';
import { findLastSignIn } from './personState.queries.ts';
import { findSimilarPeople, recordViewsOnce, type SimilarPerson } from './similarPeople.ts';
import { isShownByCard } from './cardSearch.ts';
import { findOwnSearch, isVisibleToStaff } from './searchPeople.ts';

export interface PersonView {
  readonly identityId: string;
  readonly name: string;
  readonly status: AccountStatus;
  readonly blockedAt: Date | null;
  /** The new card cannot be used before this time. */
  readonly waitUntil: Date | null;
  /** They were found by a CPR number that they no longer have. */
  readonly byFormerCpr: boolean;
  /** Other IDs of this person according to the register; for staff who decide on them. */
  readonly duplicates: readonly SimilarPerson[];
  /** A new CPR number for this person: the viewer may propose one, or one waits for a second officer. */
  readonly cprChange: 'offered' | 'waits' | null;
  /** The viewer's own ID: no action is offered. */
  readonly isOneself: boolean;
  readonly actions: readonly DeskAction[];
  readonly details: Partial<PersonDetails>;
}

export interface PersonDetails {
  readonly birthdate: string;
  /** Shown for people who have to activate their ID and have lost the letter; no one else needs it. */
  readonly idNumber: string | null;
  readonly card: { readonly cardNumber: string; readonly keysLeft: number } | null;
  readonly nextCard: {
    readonly cardNumber: string;
    readonly expected: { readonly from: string; readonly to: string } | null;
  } | null;
  /** Code tokens, and security keys without the names that people gave them. */
  readonly otherFactors: readonly (HeldFactor & { readonly state: AliveState })[];
  readonly passwordOrdered: boolean;
  readonly publicSites: 'on' | 'off' | PublicSitesBlocker;
  readonly hasEmail: boolean;
  /**
   * `registered`: the register's address is not shown, so that nothing reveals which addresses are protected.
   */
  readonly address: PostalAddress | 'registered' | null;
  readonly issuedBy: IssuerWords;
  /** Whether identification was seen for the ID. */
  readonly proofing: ProofingLevel;
  /** What keeps the person from signing in. */
  readonly obstacles: readonly SignInObstacle[];
  /** When they last signed in with a key. */
  readonly lastSignIn: Date | null;
  readonly letters: readonly LetterState[];
  readonly history: readonly HistoryEntry[];
}

/** The permission that each field requires. */
const VIEW_OF: Readonly<Record<keyof PersonDetails, View>> = {
  birthdate: 'see_birthdate',
  idNumber: 'see_id_number',
  card: 'see_cards',
  nextCard: 'see_cards',
  otherFactors: 'see_cards',
  passwordOrdered: 'see_password_letter',
  publicSites: 'see_public_sites',
  hasEmail: 'see_contact',
  address: 'see_address',
  issuedBy: 'see_issuer',
  proofing: 'see_proofing',
  obstacles: 'see_lock',
  lastSignIn: 'see_last_sign_in',
  letters: 'see_letters',
  history: 'see_history',
};

export type IssuerWords =
  | { readonly kind: 'bank'; readonly name: Localized }
  | { readonly kind: 'borgerservice' | 'online' | 'operator' | 'unknown' };

/**
 * Returns `over` when the search is too old or another member's, and null when it found no one who may be
 * shown.
 *
 * @param what what they are viewed for
 */
export async function viewPerson(
  context: AppContext,
  staff: Staff,
  searchId: string,
  what: ActionOnCitizen = 'search',
): Promise<PersonView | null | 'over'> {
  const { database, clock } = context;
  const search = await findOwnSearch(context, staff, searchId);
  if (!search) return 'over';
  if (search.foundId === null) return null;
  const now = clock.now();
  const row = await findDeskPerson(database, search.foundId, now);
  if (!row) return null;
  const byCard = !isVisibleToStaff(staff, row.issuedBy);
  if (byCard && !(await isShownByCard(context, staff, search, { row, what }))) return null;
  const cards = await listDeskCards(database, search.foundId);
  const cardSet = {
    isBlocked: row.blockedAt !== null,
    threshold: row.threshold,
    hasAddress: row.addressSealed !== null,
    cards,
  };
  const factors = await readHeldFactors(context, search.foundId);
  const [waitingToken] = pickFactors(factors, 'code_token', 'waits');
  const isOneself = row.identityId === staff.staffId;
  const nextCard = findCardOnTheWay(cardSet);
  const has = { cards, factors };
  const offered = offeredActions(staff, { cardSet, factors, ...row }, now);
  return {
    identityId: row.identityId,
    name: row.name,
    status: readAccountStatus({ ...row, isBlocked: cardSet.isBlocked }),
    blockedAt: row.blockedAt,
    waitUntil:
      isPermitted(staff, 'see_wait') && !cardSet.isBlocked && !byCard
        ? (nextCard?.activatesAt ?? waitingToken?.countsFrom ?? null)
        : null,
    byFormerCpr: search.byFormerCpr && isPermitted(staff, 'see_former_cpr'),
    duplicates: isPermitted(staff, 'judge_likeness')
      ? await viewDuplicates(context, staff, row.identityId)
      : [],
    cprChange: isPermitted(staff, 'propose_cpr')
      ? await readCprChangeState(context, row.identityId, isOneself)
      : null,
    isOneself,
    actions: isOneself ? [] : offered.filter((one) => !byCard || PERMISSION_OF[one] === 'proof'),
    details: byCard ? { proofing: row.proofing } : await readPersonDetails(context, staff, row, has),
  };
}

/**
 * Other IDs of the same person according to the register: they are shown too, so the view is recorded in
 * their log.
 */
async function viewDuplicates(
  context: AppContext,
  staff: Staff,
  identityId: string,
): Promise<SimilarPerson[]> {
  const ids = await findDuplicatesOf(context.database, identityId);
  if (ids.length > 0)
    await recordViewsOnce(context, staff, ids, { reasonCode: 'two_ids_by_register', about: identityId });
  return await findSimilarPeople(context, ids);
}

async function readCprChangeState({ database }: AppContext, identityId: string, isOneself: boolean) {
  if (await hasPendingCprChange(database, identityId)) return 'waits';
  return isOneself ? null : 'offered';
}

interface PersonHas {
  readonly cards: readonly DeskCard[];
  readonly factors: readonly HeldFactor[];
}

async function readPersonDetails(
  context: AppContext,
  staff: Staff,
  row: DeskPersonRow,
  has: PersonHas,
): Promise<Partial<PersonDetails>> {
  const readers = createFieldReaders(context, staff, row, has);
  const fields = Object.keys(VIEW_OF) as (keyof PersonDetails)[];
  const readFields = fields
    .filter((field) => isPermitted(staff, VIEW_OF[field]))
    .map(async (field) => [field, await readers[field]()] as const);
  return Object.fromEntries(await Promise.all(readFields));
}

type Readers = {
  readonly [Field in keyof PersonDetails]: () => PersonDetails[Field] | Promise<PersonDetails[Field]>;
};

function createFieldReaders(
  context: AppContext,
  staff: Staff,
  row: DeskPersonRow,
  { cards, factors }: PersonHas,
): Readers {
  const cardSet = { isBlocked: row.blockedAt !== null, threshold: 0, hasAddress: true, cards };
  const findCard = (id: string) => cards.find((card) => card.id === id);
  const active = findActiveCardOf(cardSet);
  const nextCard = findCard(findCardOnTheWay(cardSet)?.id ?? '');
  // A card is missed only once the ID is in use.
  const isInUse = readAccountStatus({ ...row, isBlocked: cardSet.isBlocked }) === 'in_use';
  const hasToken = pickFactors(factors, 'code_token', 'counts').length > 0;
  const hasCard = active !== null || hasToken || !isInUse;
  const { identityId } = row;
  return {
    birthdate: () => row.birthdate,
    idNumber: () => (row.hasUserId ? null : row.idNumber),
    card: () =>
      active && {
        cardNumber: formatCardNumber(findCard(active.id)?.cardNumber ?? ''),
        keysLeft: active.keysLeft,
      },
    nextCard: () =>
      nextCard ? { cardNumber: formatCardNumber(nextCard.cardNumber), expected: nextCard.expected } : null,
    otherFactors: () => listOtherFactors(factors),
    passwordOrdered: () => row.passwordOrdered,
    publicSites: () => findBlockerOfRow(row, context.clock.now()) ?? (row.publicSites ? 'on' : 'off'),
    hasEmail: () => row.hasEmail,
    address: () => openPersonAddress(context, row),
    issuedBy: () => findIssuerWords(context, row.issuedBy),
    proofing: () => row.proofing,
    obstacles: () => readObstacles(context, identityId, { hasCard }),
    lastSignIn: () => findLastSignIn(context.database, identityId),
    letters: () => readLetterStates(context, staff, identityId),
    history: () => readHistory(context, staff, identityId),
  };
}

/** Beside the cards, which have fields of their own. */
function listOtherFactors(factors: readonly HeldFactor[]): PersonDetails['otherFactors'] {
  return factors
    .filter(({ kind }) => kind !== 'card')
    .filter(isAlive)
    .map((one) => (one.kind === 'security_key' ? { ...one, name: '' } : one));
}

function findBlockerOfRow({ birthdate, hasCpr }: DeskPersonRow, now: Date): PublicSitesBlocker | null {
  if (isYoungerThan(birthdate, 15, now)) return 'under_15';
  return hasCpr ? null : 'no_cpr';
}

async function openPersonAddress(
  context: AppContext,
  row: DeskPersonRow,
): Promise<PostalAddress | 'registered' | null> {
  const entry = await findEntryOfIdentity(context.database, context.keyring, row.identityId);
  if (!row.addressSealed) return null;
  if (row.addressProtected || entry?.address) return 'registered';
  return openAddress(context, row.personId, row.addressSealed);
}

/** The issuer in words; a bank that is no longer registered is shown as unknown. */
export async function findIssuerWords(
  { database }: AppContext,
  issuedBy: string | null,
): Promise<IssuerWords> {
  if (issuedBy === 'borgerservice' || issuedBy === 'online' || issuedBy === 'operator')
    return { kind: issuedBy };
  const name = issuedBy === null ? null : await findRelyingPartyNames(database, issuedBy);
  return name ? { kind: 'bank', name } : { kind: 'unknown' };
}
