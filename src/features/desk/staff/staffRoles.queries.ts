/**
 * Staff: proposed by one operator, approved by another, ended. A row has one of these three states; one
 * person has at most one row that is not ended. Who acts is judged where it is done, in the statement: a role
 * that ended a moment ago does nothing any more, and whoever's ID is blocked is nobody here until it is
 * opened again. Two operators end a role. What the first of them proposes pauses it, unless it is an
 * operator's. A clerk works for as long as people can sign in at their bank.
 */
import { PAUSING_ACTIONS } from './colleagueActions.rules.ts';
import type { Localized } from '../../../domain/language/language.ts';
import { rolesThatMay, staffOf, type StaffRole, type Staff } from '../../../domain/staff/staff.ts';
import { localizedOrder, localizedSql } from '../../../db/connection/localizedSql.ts';
import { sql, sqlFragment, type Queryable } from '../../../db/database.ts';
import { FULL_NAME } from '../../../db/people/people.ts';

/**
 * Of a row `s` of the staff: the bank that it names is a registered bank, and no other kind of relying party by
 * now. A change of its registration that waits for approval ends nothing: what was approved goes on to count.
 */
export const IS_BANK_OPEN = sqlFragment`(s.bank IS NULL OR EXISTS (SELECT FROM relying_parties b
      WHERE b.client_id = s.bank AND b.kind = 'bank' AND b.state = 'active'))`;

const FIND = sql`
  SELECT s.role, s.bank FROM staff s JOIN identities i ON i.id = s.identity_id
  WHERE s.identity_id = $1 AND s.approved_at IS NOT NULL AND s.ended_at IS NULL AND i.blocked_at IS NULL
    AND ${IS_BANK_OPEN}
    AND (s.role = ANY($4::text[]) OR (s.end_proposed_by IS NULL AND NOT EXISTS (SELECT FROM colleague_actions c
      WHERE c.identity_id = $1 AND c.state = 'waiting' AND c.action = ANY($2::text[]) AND c.proposed_at > $3)))`;

/**
 * Null for a person who is not on the staff now, or whose role is paused.
 * @param since what was proposed about their ID before pauses nothing any more.
 */
export async function findStaffRole(db: Queryable, identityId: string, since: Date): Promise<Staff | null> {
  const values = [identityId, PAUSING_ACTIONS, since, rolesThatMay('never_paused')];
  const { rows } = await db.query<{ role: StaffRole; bank: string | null }>(FIND, values);
  return rows[0] ? staffOf({ staffId: identityId, ...rows[0] }) : null;
}

const IS_ON_STAFF = sql`
  SELECT FROM staff WHERE identity_id = $1 AND approved_at IS NOT NULL AND ended_at IS NULL`;

/** Paused or blocked too. */
export async function isStaffMember(db: Queryable, identityId: string): Promise<boolean> {
  return (await db.query(IS_ON_STAFF, [identityId])).rowCount === 1;
}

const WORKS_HERE_SINCE = sql`
  SELECT FROM staff WHERE identity_id = $1 AND approved_at <= $2 AND ended_at IS NULL`;

/** On one appointment, from then until now; paused or blocked too. */
export async function worksHereSince(db: Queryable, identityId: string, at: Date): Promise<boolean> {
  return (await db.query(WORKS_HERE_SINCE, [identityId, at])).rowCount === 1;
}

const LOCK_OPERATORS = sql`
  SELECT s.identity_id FROM staff s JOIN identities i ON i.id = s.identity_id
  WHERE s.role = ANY($1::text[]) AND s.approved_at IS NOT NULL AND s.ended_at IS NULL AND i.blocked_at IS NULL
  ORDER BY s.id FOR UPDATE OF s FOR SHARE OF i`;

/**
 * Within a transaction: the operators as they are until it ends. Without the lock two could end each other at once, or
 * one be ended, or blocked, while they approve.
 */
export async function lockOperators(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ identity_id: string }>(LOCK_OPERATORS, [rolesThatMay('staff_approve')]);
  return rows.map((row) => row.identity_id);
}

const FIND_CANDIDATE = sql`SELECT id FROM identities WHERE user_id = $1 AND blocked_at IS NULL`;

/** By the user ID alone, folded: an ID number is in a letter that others may have seen. */
export async function findStaffCandidate(db: Queryable, foldedUserId: string): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(FIND_CANDIDATE, [foldedUserId]);
  return rows[0]?.id ?? null;
}

const LIST_BANKS = sql`
  SELECT client_id AS "clientId", ${localizedSql('metadata', 'name')} AS name
  FROM relying_parties WHERE kind = 'bank' AND state = 'active'
  ORDER BY ${localizedOrder('metadata', 'name')}, client_id`;

export interface Bank {
  readonly clientId: string;
  readonly name: Localized;
}

/** Those that people can sign in at. */
export async function listBanks(db: Queryable): Promise<Bank[]> {
  return (await db.query<Bank>(LIST_BANKS)).rows;
}

const INSERT = sql`
  INSERT INTO staff (id, identity_id, role, bank, proposed_by, proposed_at, approved_at)
  SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::uuid, $6::timestamptz, $7::timestamptz
  WHERE $4::text IS NULL
    OR EXISTS (SELECT FROM relying_parties WHERE client_id = $4 AND kind = 'bank' AND state = 'active')
  ON CONFLICT (identity_id) WHERE ended_at IS NULL DO NOTHING`;

export interface NewStaff {
  readonly id: string;
  readonly identityId: string;
  readonly role: StaffRole;
  readonly bank: string | null;
  /** Null for the first two operators, whom nobody could propose; they are approved as they are made. */
  readonly proposedBy: string | null;
}

/** False when this person is on the staff or proposed already, or the bank is none. */
export async function insertStaff(db: Queryable, staff: NewStaff, now: Date): Promise<boolean> {
  const { id, identityId, role, bank, proposedBy } = staff;
  const approvedAt = proposedBy === null ? now : null;
  const values = [id, identityId, role, bank, proposedBy, now, approvedAt];
  return (await db.query(INSERT, values)).rowCount === 1;
}

/** Whose row it was. */
export interface StaffRowOwner {
  readonly identityId: string;
  readonly role: StaffRole;
  readonly bank: string | null;
}

const APPROVE = sql`
  UPDATE staff s SET approved_by = $2, approved_at = $3
  WHERE s.id = $1 AND s.approved_at IS NULL AND s.ended_at IS NULL AND s.proposed_by <> $2 AND s.identity_id <> $2
    AND EXISTS (SELECT FROM staff o JOIN identities i ON i.id = o.identity_id
      WHERE o.identity_id = s.proposed_by AND o.role = ANY($4::text[]) AND o.ended_at IS NULL
        AND o.approved_at <= s.proposed_at AND i.blocked_at IS NULL)
    AND ${IS_BANK_OPEN}
  RETURNING identity_id AS "identityId", role, bank`;

/**
 * Null when there is nothing to approve, or not by this operator, when the one who proposed it is an operator no
 * longer (it takes the word of two who are), or when a clerk's bank is none any more.
 */
export async function approveStaff(
  db: Queryable,
  { id, by }: { id: string; by: string },
  now: Date,
): Promise<StaffRowOwner | null> {
  return (
    (await db.query<StaffRowOwner>(APPROVE, [id, by, now, rolesThatMay('staff_propose')])).rows[0] ?? null
  );
}

const PROPOSE_END = sql`
  UPDATE staff SET end_proposed_by = $2, end_proposed_at = $3
  WHERE id = $1 AND approved_at IS NOT NULL AND ended_at IS NULL AND end_proposed_by IS NULL AND identity_id <> $2
    AND identity_id <> ALL($4::uuid[])
  RETURNING identity_id AS "identityId", role, bank`;

/**
 * Null when it is proposed or ended already, is one's own, or is that of an operator who is needed.
 * @param kept operators who may not go.
 */
export async function proposeStaffEnd(
  db: Queryable,
  { id, by, protectedIds }: { id: string; by: string; protectedIds: readonly string[] },
  now: Date,
): Promise<StaffRowOwner | null> {
  return (await db.query<StaffRowOwner>(PROPOSE_END, [id, by, now, protectedIds])).rows[0] ?? null;
}

const KEEP = sql`
  UPDATE staff SET end_proposed_by = NULL, end_proposed_at = NULL
  WHERE id = $1 AND ended_at IS NULL AND end_proposed_by IS NOT NULL AND identity_id <> $2
  RETURNING identity_id AS "identityId", role, bank`;

/** The end of a role is turned down by another, or called off by the one who proposed it. */
export async function cancelStaffEnd(
  db: Queryable,
  { id, by }: { id: string; by: string },
): Promise<StaffRowOwner | null> {
  return (await db.query<StaffRowOwner>(KEEP, [id, by])).rows[0] ?? null;
}

const END = sql`
  UPDATE staff SET ended_by = $2, ended_at = $3
  WHERE id = $1 AND ended_at IS NULL AND identity_id <> $2
    AND identity_id <> ALL($4::uuid[])
    AND (approved_at IS NULL OR (end_proposed_by <> $2 AND EXISTS (SELECT FROM staff o
      JOIN identities i ON i.id = o.identity_id WHERE o.identity_id = staff.end_proposed_by AND o.role = ANY($5::text[])
        AND o.ended_at IS NULL AND o.approved_at <= staff.end_proposed_at AND i.blocked_at IS NULL)))
  RETURNING identity_id AS "identityId", role, bank`;

/**
 * Of a role whose end another operator proposed, or of a proposal, which one alone turns down. Null when it
 * is ended already, is one's own, is that of an operator who is needed, or takes another operator.
 * @param kept operators who may not go.
 */
export async function endStaffRole(
  db: Queryable,
  { id, by, protectedIds }: { id: string; by: string; protectedIds: readonly string[] },
  now: Date,
): Promise<StaffRowOwner | null> {
  return (
    (await db.query<StaffRowOwner>(END, [id, by, now, protectedIds, rolesThatMay('staff_end')])).rows[0] ??
    null
  );
}

const FIND_ROW = sql`
  SELECT s.identity_id AS "identityId", s.role, s.proposed_by AS "proposedBy",
    s.approved_at IS NOT NULL AS "isApproved", s.ended_at IS NOT NULL AS "isEnded",
    s.end_proposed_by AS "endProposedBy", ${IS_BANK_OPEN} AS "isBankOpen"
  FROM staff s WHERE s.id = $1`;

export interface StaffRow {
  readonly identityId: string;
  readonly role: StaffRole;
  readonly proposedBy: string | null;
  readonly isApproved: boolean;
  readonly isEnded: boolean;
  readonly endProposedBy: string | null;
  readonly isBankOpen: boolean;
}

/** For saying why a deed was not done. */
export async function findStaffRow(db: Queryable, id: string): Promise<StaffRow | null> {
  return (await db.query<StaffRow>(FIND_ROW, [id])).rows[0] ?? null;
}

const LIST = sql`
  SELECT s.id, s.identity_id AS "identityId", s.role, s.bank, s.proposed_at AS "proposedAt",
    s.approved_at AS "approvedAt", s.proposed_by AS "proposedBy", i.user_id AS "userId",
    ${FULL_NAME} AS name,
    CASE WHEN b.client_id IS NOT NULL THEN ${localizedSql('b.metadata', 'name')} END AS "bankName",
    ${IS_BANK_OPEN} AS "isBankOpen", btrim(pp.given_name || ' ' || pp.family_name) AS "proposedByName",
    btrim(ap.given_name || ' ' || ap.family_name) AS "approvedByName",
    s.end_proposed_by AS "endProposedBy", btrim(ep.given_name || ' ' || ep.family_name) AS "endProposedByName"
  FROM staff s JOIN identities i ON i.id = s.identity_id JOIN people p ON p.id = i.person_id
  LEFT JOIN relying_parties b ON b.client_id = s.bank
  LEFT JOIN identities pi ON pi.id = s.proposed_by LEFT JOIN people pp ON pp.id = pi.person_id
  LEFT JOIN identities ai ON ai.id = s.approved_by LEFT JOIN people ap ON ap.id = ai.person_id
  LEFT JOIN identities ei ON ei.id = s.end_proposed_by LEFT JOIN people ep ON ep.id = ei.person_id
  WHERE s.ended_at IS NULL ORDER BY s.approved_at IS NOT NULL, name, s.id`;

/** As operators see them: nothing of anybody but name, user ID and role. */
export interface ListedStaff {
  readonly id: string;
  readonly identityId: string;
  readonly name: string;
  readonly userId: string | null;
  readonly role: StaffRole;
  readonly bank: string | null;
  /** Null where there is none, or it is registered no longer. */
  readonly bankName: Localized | null;
  /** False of a clerk whose bank is none any more: they do nothing. */
  readonly isBankOpen: boolean;
  readonly proposedBy: string | null;
  readonly proposedByName: string | null;
  readonly proposedAt: Date;
  readonly approvedByName: string | null;
  /** Null while it waits for another operator. */
  readonly approvedAt: Date | null;
  /** Who proposed that the access ends; null: nobody did. */
  readonly endProposedBy: string | null;
  readonly endProposedByName: string | null;
}

/** Those who wait first. */
export async function listStaff(db: Queryable): Promise<ListedStaff[]> {
  return (await db.query<ListedStaff>(LIST)).rows;
}
