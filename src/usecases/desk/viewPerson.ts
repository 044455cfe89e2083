/**
 * Somebody's ID as a member of staff may see it, judged at each look by their permissions of that moment: a
 * field that none of them names is not there. Never a key, never a password, and no CPR number: who has to
 * know it has just typed it.
 */
import type { Localized } from '../../core/language/language.ts';
import { activeCard, onTheWay } from '../../core/cardLife.ts';
import { offeredActions, standingOf, type DeskDeed, type Standing } from '../../core/desk.ts';
import { isYoungerThan } from '../../core/issuing/application.ts';
import { formatCardNumber } from '../../core/keyCard.ts';
import type { PostalAddress } from '../../core/letter.ts';
import type { PublicSitesBar } from '../../core/publicSites.ts';
import { isPermitted, type Staff, type View } from '../../core/staff.ts';
import { isCprChangeWaiting } from '../../store/desk/cprChanges.ts';
import { findAtDesk, listCardsAtDesk, type DeskCard, type DeskPersonRow } from '../../store/desk/people.ts';
import { findDuplicatesOf } from '../../store/issuing/duplicates.ts';
import { findEntryOf } from '../../store/issuing/register.ts';
import { findRelyingPartyNames } from '../../store/relyingParties.ts';
import { openAddress } from '../contact/sealedContact.ts';
import type { World } from '../world.ts';
import { findLookalikes, noteShownOnce, type Lookalike } from './lookalikes.ts';
import { findOwnSearch, isShown } from './search.ts';

export interface PersonSeen {
  readonly identityId: string;
  readonly name: string;
  readonly standing: Standing;
  readonly blockedAt: Date | null;
  /** A new card waits to be used from then on. */
  readonly waitUntil: Date | null;
  /** They were looked up by a CPR number that they no longer have. */
  readonly byFormerCpr: boolean;
  /** By the register this person has another ID; for those who have to look. */
  readonly duplicates: readonly Lookalike[];
  /** Another CPR number for this person: may be proposed by the one who looks, or waits for a second officer. */
  readonly cprChange: 'offered' | 'waits' | null;
  /** The one who looks: then nothing is offered. */
  readonly isOneself: boolean;
  readonly actions: readonly DeskDeed[];
  readonly details: Partial<PersonDetails>;
}

export interface PersonDetails {
  readonly birthdate: string;
  /** Told to people who have to activate their ID and have lost the letter; nobody else needs it. */
  readonly idNumber: string | null;
  readonly card: { readonly cardNumber: string; readonly keysLeft: number } | null;
  readonly coming: {
    readonly cardNumber: string;
    readonly expected: { readonly from: string; readonly to: string } | null;
  } | null;
  readonly passwordOrdered: boolean;
  readonly publicSites: 'on' | 'off' | PublicSitesBar;
  readonly hasEmail: boolean;
  /** `registered`: what the register has is not read out: nothing says which addresses are protected. */
  readonly address: PostalAddress | 'registered' | null;
  readonly issuedBy: Issuer;
}

/** Each field of a person stands under a permission. */
const VIEW_OF: Readonly<Record<keyof PersonDetails, View>> = {
  birthdate: 'see_birthdate',
  idNumber: 'see_id_number',
  card: 'see_cards',
  coming: 'see_cards',
  passwordOrdered: 'see_password_letter',
  publicSites: 'see_public_sites',
  hasEmail: 'see_contact',
  address: 'see_address',
  issuedBy: 'see_issuer',
};

export type Issuer =
  | { readonly kind: 'bank'; readonly name: Localized }
  | { readonly kind: 'borgerservice' | 'online' | 'operator' | 'unknown' };

/** `over`: the search is too old, or somebody else's. Null when it found nobody who may be shown. */
export async function viewPerson(
  world: World,
  staff: Staff,
  searchId: string,
): Promise<PersonSeen | null | 'over'> {
  const { database, clock } = world;
  const search = await findOwnSearch(world, staff, searchId);
  if (!search) return 'over';
  if (search.foundId === null) return null;
  const now = clock.now();
  const row = await findAtDesk(database, search.foundId, now);
  if (!row || !isShown(staff, row.issuedBy)) return null;
  const cards = await listCardsAtDesk(database, search.foundId);
  const shelf = {
    isBlocked: row.blockedAt !== null,
    threshold: row.threshold,
    hasAddress: row.addressSealed !== null,
    cards,
  };
  const isOneself = row.identityId === staff.staffId;
  const coming = onTheWay(shelf);
  return {
    identityId: row.identityId,
    name: row.name,
    standing: standingOf({ ...row, isBlocked: shelf.isBlocked }),
    blockedAt: row.blockedAt,
    waitUntil: isPermitted(staff, 'see_wait') && !shelf.isBlocked ? (coming?.activatesAt ?? null) : null,
    byFormerCpr: search.byFormerCpr && isPermitted(staff, 'see_former_cpr'),
    duplicates: isPermitted(staff, 'judge_likeness') ? await duplicatesOf(world, staff, row.identityId) : [],
    cprChange: isPermitted(staff, 'propose_cpr') ? await cprChangeOf(world, row.identityId, isOneself) : null,
    isOneself,
    actions: isOneself ? [] : offeredActions(staff, { shelf, ...row }, now),
    details: await detailsOf(world, staff, row, cards),
  };
}

/** By the register the same person: they are seen too, and it stands in their log. */
async function duplicatesOf(world: World, staff: Staff, identityId: string): Promise<Lookalike[]> {
  const ids = await findDuplicatesOf(world.database, identityId);
  if (ids.length > 0)
    await noteShownOnce(world, staff, ids, { reasonCode: 'two_ids_by_register', about: identityId });
  return await findLookalikes(world, ids);
}

async function cprChangeOf({ database }: World, identityId: string, isOneself: boolean) {
  if (await isCprChangeWaiting(database, identityId)) return 'waits';
  return isOneself ? null : 'offered';
}

async function detailsOf(
  world: World,
  staff: Staff,
  row: DeskPersonRow,
  cards: readonly DeskCard[],
): Promise<Partial<PersonDetails>> {
  const readers = readersOf(world, row, cards);
  const fields = Object.keys(VIEW_OF) as (keyof PersonDetails)[];
  const seen = fields
    .filter((field) => isPermitted(staff, VIEW_OF[field]))
    .map(async (field) => [field, await readers[field]()] as const);
  return Object.fromEntries(await Promise.all(seen));
}

type Readers = {
  readonly [Field in keyof PersonDetails]: () => PersonDetails[Field] | Promise<PersonDetails[Field]>;
};

function readersOf(world: World, row: DeskPersonRow, cards: readonly DeskCard[]): Readers {
  const shelf = { isBlocked: row.blockedAt !== null, threshold: 0, hasAddress: true, cards };
  const numberOf = (id: string) => cards.find((card) => card.id === id);
  const active = activeCard(shelf);
  const coming = numberOf(onTheWay(shelf)?.id ?? '');
  return {
    birthdate: () => row.birthdate,
    idNumber: () => (row.hasUserId ? null : row.idNumber),
    card: () =>
      active && {
        cardNumber: formatCardNumber(numberOf(active.id)?.cardNumber ?? ''),
        keysLeft: active.keysLeft,
      },
    coming: () =>
      coming ? { cardNumber: formatCardNumber(coming.cardNumber), expected: coming.expected } : null,
    passwordOrdered: () => row.passwordOrdered,
    publicSites: () => publicSitesBarOf(row, world.clock.now()) ?? (row.publicSites ? 'on' : 'off'),
    hasEmail: () => row.hasEmail,
    address: () => addressOf(world, row),
    issuedBy: () => issuerOf(world, row.issuedBy),
  };
}

function publicSitesBarOf({ birthdate, hasCpr }: DeskPersonRow, now: Date): PublicSitesBar | null {
  if (isYoungerThan(birthdate, 15, now)) return 'under_15';
  return hasCpr ? null : 'no_cpr';
}

async function addressOf(world: World, row: DeskPersonRow): Promise<PostalAddress | 'registered' | null> {
  const entry = await findEntryOf(world.database, world.keyring, row.identityId);
  if (!row.addressSealed) return null;
  if (row.addressProtected || entry?.address) return 'registered';
  return openAddress(world, row.personId, row.addressSealed);
}

/** Who it was, in words; a bank that is registered no longer is told as unknown. */
export async function issuerOf({ database }: World, issuedBy: string | null): Promise<Issuer> {
  if (issuedBy === 'borgerservice' || issuedBy === 'online' || issuedBy === 'operator')
    return { kind: issuedBy };
  const name = issuedBy === null ? null : await findRelyingPartyNames(database, issuedBy);
  return name ? { kind: 'bank', name } : { kind: 'unknown' };
}
