/**
 * Staff roles: proposed by one operator, approved by another, ended. A row has one of these three states, and
 * one person has at most one row that is not ended. Permission is checked in the statement that acts: a role
 * that has just ended does nothing, and a person whose ID is blocked has no role until it is reopened. Two
 * operators end a role; the proposal of the first pauses it, unless it is an operator's. A clerk's role is
 * valid as long as people can sign in at their bank.
 */
import { PAUSING_ACTIONS } from './colleagueActions.rules.ts';
import type { Localized } from '../../../domain/language/language.ts';
import { rolesThatMay, staffOf, type StaffRole, type Staff } from '../../../domain/staff/staff.ts';
import { localizedOrder, localizedSql } from '../../../db/connection/localizedSql.ts';
import { sql, sqlFragment, type Queryable } from '../../../db/database.ts';
import { FULL_NAME } from '../../../db/people/people.ts';

/**
 * For a staff row `s`: its bank is registered, and as no other kind of relying party. A change of the
 * registration that waits for approval ends nothing: what was approved stays in effect.
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
 * Returns null for a person who has no role now, or whose role is paused.
 *
 * @param since proposals about their ID before this time do not pause the role.
 */
export async function findStaffRole(db: Queryable, identityId: string, since: Date): Promise<Staff | null> {
  const values = [identityId, PAUSING_ACTIONS, since, rolesThatMay('never_paused')];
  const { rows } = await db.query<{ role: StaffRole; bank: string | null }>(FIND, values);
  return rows[0] ? staffOf({ staffId: identityId, ...rows[0] }) : null;
}

const IS_ON_STAFF = sql`
  SELECT FROM staff WHERE identity_id = $1 AND approved_at IS NOT NULL AND ended_at IS NULL`;

/** Includes paused and blocked staff. */
export async function isStaffMember(db: Queryable, identityId: string): Promise<boolean> {
  return (await db.query(IS_ON_STAFF, [identityId])).rowCount === 1;
}

const WORKS_HERE_SINCE = sql`
  SELECT FROM staff WHERE identity_id = $1 AND approved_at <= $2 AND ended_at IS NULL`;

/** Whether they have worked here on one appointment since then; includes paused and blocked staff. */
export async function worksHereSince(db: Queryable, identityId: string, at: Date): Promise<boolean> {
  return (await db.query(WORKS_HERE_SINCE, [identityId, at])).rowCount === 1;
}

const LOCK_OPERATORS = sql`
  SELECT s.identity_id FROM staff s JOIN identities i ON i.id = s.identity_id
  WHERE s.role = ANY($1::text[]) AND s.approved_at IS NOT NULL AND s.ended_at IS NULL AND i.blocked_at IS NULL
  ORDER BY s.id FOR UPDATE OF s FOR SHARE OF i`;

/**
 * Locks the operators until the transaction ends. Without the lock two operators could end each other
 * concurrently, or one could be ended, or blocked, while they approve.
 */
export async function lockOperators(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ identity_id: string }>(LOCK_OPERATORS, [rolesThatMay('staff_approve')]);
  return rows.map((row) => row.identity_id);
}

const FIND_CANDIDATE = sql`SELECT id FROM identities WHERE user_id = $1 AND blocked_at IS NULL`;

/** Finds by the folded user ID only: an ID number is in a letter that others may have seen. */
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

/** Lists the banks that people can sign in at. */
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
  /** Null for the first two operators, whom no operator could propose; they are approved as they are made. */
  readonly proposedBy: string | null;
}

/** Returns false when this person is on the staff or proposed already, or `bank` is not a bank. */
export async function insertStaff(db: Queryable, staff: NewStaff, now: Date): Promise<boolean> {
  const { id, identityId, role, bank, proposedBy } = staff;
  const approvedAt = proposedBy === null ? now : null;
  const values = [id, identityId, role, bank, proposedBy, now, approvedAt];
  return (await db.query(INSERT, values)).rowCount === 1;
}

/** The person and role of a staff row. */
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
 * Returns null when there is nothing to approve, or not by this operator; when the proposer is no longer an
 * operator (two who are have to agree); or when the clerk's bank is closed.
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
 * Returns null when the end is proposed or made already, when the role is the caller's own, or when the
 * operator is needed.
 *
 * @param change.protectedIds operators who may not leave.
 */
export async function proposeStaffEnd(
  db: Queryable,
  { id, by, protectedIds }: { id: string; by: string; protectedIds: readonly string[] },
  now: Date,
): Promise<StaffRowOwner | null> {
  return (await db.query<StaffRowOwner>(PROPOSE_END, [id, by, now, protectedIds])).rows[0] ?? null;
}

const CANCEL_END = sql`
  UPDATE staff SET end_proposed_by = NULL, end_proposed_at = NULL
  WHERE id = $1 AND ended_at IS NULL AND end_proposed_by IS NOT NULL AND identity_id <> $2
  RETURNING identity_id AS "identityId", role, bank`;

/** Another operator rejects the end of a role, or the proposer withdraws it. */
export async function cancelStaffEnd(
  db: Queryable,
  { id, by }: { id: string; by: string },
): Promise<StaffRowOwner | null> {
  return (await db.query<StaffRowOwner>(CANCEL_END, [id, by])).rows[0] ?? null;
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
 * Ends a role whose end another operator proposed, or a proposal, which one operator rejects. Returns null
 * when it is ended already, is the caller's own, is that of an operator who is needed, or requires another
 * operator.
 *
 * @param change.protectedIds operators who may not leave.
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

/** Finds the row, to explain why a change was not made. */
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
    s.end_proposed_by AS "endProposedBy", btrim(ep.given_name || ' ' || ep.family_name) AS "endProposedByName",
    EXISTS (SELECT FROM security_keys y
      WHERE y.identity_id = s.identity_id AND y.ended_at IS NULL AND y.counts_from <= $1) AS "hasSecurityKey"
  FROM staff s JOIN identities i ON i.id = s.identity_id JOIN people p ON p.id = i.person_id
  LEFT JOIN relying_parties b ON b.client_id = s.bank
  LEFT JOIN identities pi ON pi.id = s.proposed_by LEFT JOIN people pp ON pp.id = pi.person_id
  LEFT JOIN identities ai ON ai.id = s.approved_by LEFT JOIN people ap ON ap.id = ai.person_id
  LEFT JOIN identities ei ON ei.id = s.end_proposed_by LEFT JOIN people ep ON ep.id = ei.person_id
  WHERE s.ended_at IS NULL ORDER BY s.approved_at IS NOT NULL, name, s.id`;

/** A staff row as operators see it: name, user ID and role of a person, whether they hold a security key. */
export interface ListedStaff {
  readonly id: string;
  readonly identityId: string;
  readonly name: string;
  readonly userId: string | null;
  readonly role: StaffRole;
  readonly bank: string | null;
  /** Null without a bank, or when it is no longer registered. */
  readonly bankName: Localized | null;
  /** False for a clerk whose bank is closed: they have no access. */
  readonly isBankOpen: boolean;
  readonly proposedBy: string | null;
  readonly proposedByName: string | null;
  readonly proposedAt: Date;
  readonly approvedByName: string | null;
  /** Null while it waits for another operator. */
  readonly approvedAt: Date | null;
  /** Who proposed that the access ends; null for no one. */
  readonly endProposedBy: string | null;
  readonly endProposedByName: string | null;
  /** Whether they could sign in here if a security key were required; one that still waits does not count. */
  readonly hasSecurityKey: boolean;
}

/** Lists the staff; those who wait for approval come first. */
export async function listStaff(db: Queryable, now: Date): Promise<ListedStaff[]> {
  return (await db.query<ListedStaff>(LIST, [now])).rows;
}
