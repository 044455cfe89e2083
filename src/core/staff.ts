/**
 * Who works here, and what each role may do: one matrix, and one function that judges a deed: whatever the
 * pages show, this is asked again when the deed is done.
 */

export const ROLES = ['officer', 'bank_clerk', 'hotline', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** A member of staff as they are at this request. */
export interface Staff {
  /** Their own identity. */
  readonly staffId: string;
  readonly role: Role;
  /** The client id of the bank that a clerk works for. */
  readonly bank: string | null;
}

/** Deeds on somebody's ID, or on an application for one. */
const ON_CITIZENS = [
  'issue',
  'refuse',
  /** As the second officer, of an address that no register has. */
  'approve_address',
  /** Whether a person who ordered online is one who has an ID already. */
  'judge_likeness',
  /** Another CPR number for a person, where no register says so: one officer proposes, another approves. */
  'propose_cpr',
  'approve_cpr',
  /** As the second, what is done with the ID of a member of staff. */
  'confirm_colleague',
  'search',
  'see_address',
  'block',
  'reopen',
  'temporary_password',
  'card',
  'skip_wait',
  'stop_wait',
  /** A change of where notices go. */
  'call_off_email',
  'public_sites',
] as const;

/** Deeds on what Nøgle runs on. */
const ON_OPERATION = [
  'staff_see',
  'staff_propose',
  'staff_approve',
  'staff_end',
  'relying_parties',
  'keys',
  'jobs',
] as const;

export type CitizenAction = (typeof ON_CITIZENS)[number];
export type Action = CitizenAction | (typeof ON_OPERATION)[number];
export const ACTIONS: readonly Action[] = [...ON_CITIZENS, ...ON_OPERATION];

/**
 * A clerk sees no address: it may be protected, and a rule about some would say which. The hotline finds people, by name
 * and state, to block them and to stop what waits. Operators have nothing to do with citizens.
 */
const MATRIX: Readonly<Record<Role, ReadonlySet<Action>>> = {
  officer: new Set<Action>(ON_CITIZENS),
  bank_clerk: new Set<Action>([
    'issue',
    'refuse',
    'approve_address',
    'confirm_colleague',
    'search',
    'block',
    'temporary_password',
    'card',
    'call_off_email',
  ]),
  hotline: new Set<Action>(['confirm_colleague', 'search', 'block', 'stop_wait', 'call_off_email']),
  operator: new Set<Action>(ON_OPERATION),
};

export function may(role: Role, action: Action): boolean {
  return MATRIX[role].has(action);
}

/** Whom a deed is about. */
export interface Subject {
  /** Null where there is no ID yet: an application. */
  readonly identityId: string | null;
  /** Who issued the ID, or is about to: a client id where it was a bank. */
  readonly issuedBy: string | null;
}

export type StaffRefusal = 'not_your_role' | 'own_id' | 'other_bank';

/** Null when it may be done. Nobody acts on their own ID, and clerks on those of their own bank alone. */
export function whyNot(
  { staffId, role, bank }: Staff,
  action: Action,
  subject: Subject,
): StaffRefusal | null {
  if (!may(role, action)) return 'not_your_role';
  if (subject.identityId === staffId) return 'own_id';
  if (role === 'bank_clerk' && (bank === null || subject.issuedBy !== bank)) return 'other_bank';
  return null;
}

/** One proposes and another approves: with fewer than two, nobody could ever be made staff again. */
export const LEAST_OPERATORS = 2;
