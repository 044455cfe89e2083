/**
 * Somebody's ID as a member of staff may see it: judged anew at each look, by the role of that moment. Never a key,
 * never a password, and no CPR number: who has to know it has just typed it.
 */
import { activeCard, onTheWay } from '../../core/cardLife.ts';
import { offeredDeeds, standingOf, type DeskDeed, type Standing } from '../../core/desk.ts';
import { isYoungerThan } from '../../core/issuing/application.ts';
import { formatCardNumber } from '../../core/keyCard.ts';
import type { PostalAddress } from '../../core/letter.ts';
import type { PublicSitesBar } from '../../core/publicSites.ts';
import { may, type Staff } from '../../core/staff.ts';
import { isCprChangeWaiting } from '../../store/desk/cprChanges.ts';
import { findAtDesk, listCardsAtDesk, type DeskCard, type DeskPersonRow } from '../../store/desk/people.ts';
import { findDuplicatesOf } from '../../store/issuing/duplicates.ts';
import { findEntryOf } from '../../store/issuing/register.ts';
import { findRelyingPartyNames } from '../../store/relyingParties.ts';
import { openAddress } from '../contact/sealedContact.ts';
import type { World } from '../world.ts';
import { BY_REGISTER, findLookalikes, noteShownOnce, type Lookalike } from './lookalikes.ts';
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
  /** By the register this person has another ID; for officers, who have to look. */
  readonly duplicates: readonly Lookalike[];
  /** Another CPR number for this person: may be proposed by the one who looks, or waits for a second officer. */
  readonly cprChange: 'offered' | 'waits' | null;
  /** The one who looks: then nothing is offered. */
  readonly isOneself: boolean;
  readonly deeds: readonly DeskDeed[];
  /** Null for those who may know no more than name and state. */
  readonly more: PersonDetails | null;
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
  readonly publicSites: boolean;
  readonly bar: PublicSitesBar | null;
  readonly hasEmail: boolean;
  /**
   * `hidden`: a role that sees no addresses. `registered`: what the register has is not read out, so that
   * nothing tells which addresses are protected.
   */
  readonly address: PostalAddress | 'registered' | 'hidden' | null;
  readonly issuedBy: Issuer;
}

export type Issuer =
  | { readonly kind: 'bank'; readonly da: string; readonly en: string }
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
    waitUntil: shelf.isBlocked ? null : (coming?.activatesAt ?? null),
    byFormerCpr: search.byFormerCpr && staff.role !== 'hotline',
    duplicates: may(staff.role, 'judge_likeness') ? await duplicatesOf(world, staff, row.identityId) : [],
    cprChange: may(staff.role, 'propose_cpr') ? await cprChangeOf(world, row.identityId, isOneself) : null,
    isOneself,
    deeds: isOneself ? [] : offeredDeeds(staff.role, { shelf, ...row }, now),
    more: staff.role === 'hotline' ? null : await detailsOf(world, staff, row, cards),
  };
}

/** By the register the same person: they are seen too, and it stands in their log. */
async function duplicatesOf(world: World, staff: Staff, identityId: string): Promise<Lookalike[]> {
  const ids = await findDuplicatesOf(world.database, identityId);
  if (ids.length > 0) await noteShownOnce(world, staff, ids, { reason: BY_REGISTER, about: identityId });
  return await findLookalikes(world, ids);
}

async function cprChangeOf({ database }: World, identityId: string, isOneself: boolean) {
  if (await isCprChangeWaiting(database, identityId)) return 'waits';
  return isOneself ? null : 'offered';
}

async function detailsOf(
  world: World,
  { role }: Staff,
  row: DeskPersonRow,
  cards: readonly DeskCard[],
): Promise<PersonDetails> {
  const shelf = { isBlocked: row.blockedAt !== null, threshold: 0, hasAddress: true, cards };
  const numberOf = (id: string) => cards.find((card) => card.id === id);
  const active = activeCard(shelf);
  const coming = numberOf(onTheWay(shelf)?.id ?? '');
  const needsIdNumber = !row.hasUserId && role === 'officer';
  return {
    birthdate: row.birthdate,
    idNumber: needsIdNumber ? row.idNumber : null,
    card: active && {
      cardNumber: formatCardNumber(numberOf(active.id)?.cardNumber ?? ''),
      keysLeft: active.keysLeft,
    },
    coming: coming ? { cardNumber: formatCardNumber(coming.cardNumber), expected: coming.expected } : null,
    passwordOrdered: row.passwordOrdered,
    publicSites: row.publicSites,
    bar: publicSitesBarOf(row, world.clock.now()),
    hasEmail: row.hasEmail,
    address: may(role, 'see_address') ? await addressOf(world, row) : 'hidden',
    issuedBy: await issuerOf(world, row.issuedBy),
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
  const names = issuedBy === null ? null : await findRelyingPartyNames(database, issuedBy);
  return names ? { kind: 'bank', ...names } : { kind: 'unknown' };
}
