/**
 * Roles of staff and their permissions: one matrix, and one function that authorizes an action. Pages, lists,
 * use cases and statements all ask here, regardless of what was shown before. No other file compares a role.
 */

export const STAFF_ROLES = ['officer', 'bank_clerk', 'hotline', 'operator'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** Actions on a person's ID, or on an application for one. */
const ACTIONS_ON_CITIZENS = [
  'issue',
  'refuse',
  /** As the second officer: approve an address that no register has. */
  'approve_address',
  /**
   * Decide whether an applicant is the same person as one who has an ID; shows the name, birth date and
   * status of those.
   */
  'judge_likeness',
  /** Give a person another CPR number when no register reports it: one officer proposes, another approves. */
  'propose_cpr',
  'approve_cpr',
  /** As the second employee: confirm an action on the ID of a member of staff. */
  'confirm_colleague',
  /** Find a person: shows their name, and whether their ID is in use. */
  'search',
  'block',
  'reopen',
  /** Record that identification was seen, which raises the proofing of an ID. */
  'proof',
  /**
   * Also of an ID that was ordered online, which no bank issued, for staff who see only the IDs of their
   * bank: found by CPR number and card number together, which only who holds the card can say.
   */
  'proof_by_card',
  'temporary_password',
  'card',
  'skip_wait',
  'stop_wait',
  /** Cancel a change of the notice address. */
  'call_off_email',
  'public_sites',
  /** Add a security key of a person who is present. */
  'security_key',
] as const;

/** Actions on the operation of Nøgle. */
const OPERATION_ACTIONS = [
  'staff_see',
  'staff_propose',
  'staff_approve',
  'staff_end',
  /** See what was refused at the desk, and to whom. */
  'refusals_see',
  'relying_parties',
  'keys',
  'jobs',
] as const;

/** The fields of a person that a search may show, each with a separate permission. */
export const VIEWS = [
  'see_wait',
  /** That the typed CPR number is a former one. */
  'see_former_cpr',
  'see_birthdate',
  /** The ID number of a person who has not activated their ID and has lost the letter. */
  'see_id_number',
  /** Card numbers, keys left, and when a new card is expected. */
  'see_cards',
  'see_password_letter',
  'see_public_sites',
  /** Whether notices go by e-mail; never the address. */
  'see_contact',
  'see_address',
  'see_issuer',
  /** Whether identification was seen for the ID. */
  'see_proofing',
  /** The name of the guardian on record, where a person under 15 gets a second way to sign in. */
  'see_guardian',
  /** At issuing: the ID that the applicant already has, of any issuer. */
  'see_known_id',
  /** Whether the password or the keys are locked, and when they open. */
  'see_lock',
  /** When the person last signed in with a key; never where. */
  'see_last_sign_in',
  /** What staff and Nøgle have done with the ID; each line also requires the permission for what it shows. */
  'see_history',
  /** Which letters were ordered and sent, and when they are expected. */
  'see_letters',
  /** Why staff did it, in their own words; and why an application was refused. */
  'see_reasons',
] as const;

export type ActionOnCitizen = (typeof ACTIONS_ON_CITIZENS)[number];
export type StaffAction = ActionOnCitizen | (typeof OPERATION_ACTIONS)[number];
export type View = (typeof VIEWS)[number];
export type Permission = StaffAction | View | 'never_paused';
export const STAFF_ACTIONS: readonly StaffAction[] = [...ACTIONS_ON_CITIZENS, ...OPERATION_ACTIONS];

/**
 * A clerk sees no address: hiding only protected ones would reveal which are protected. The hotline finds
 * people, by name and state, to block IDs, to stop waits, and to say why a person cannot sign in; it sees no
 * card and no letter, which a caller who is another person would ask about. Operators have no access to
 * citizens. Each line names every role, so a new role compiles only when each of its permissions is stated.
 */
const PERMISSIONS: Readonly<Record<Permission, Readonly<Record<StaffRole, boolean>>>> = {
  issue: { officer: true, bank_clerk: true, hotline: false, operator: false },
  refuse: { officer: true, bank_clerk: true, hotline: false, operator: false },
  approve_address: { officer: true, bank_clerk: true, hotline: false, operator: false },
  judge_likeness: { officer: true, bank_clerk: false, hotline: false, operator: false },
  propose_cpr: { officer: true, bank_clerk: false, hotline: false, operator: false },
  approve_cpr: { officer: true, bank_clerk: false, hotline: false, operator: false },
  confirm_colleague: { officer: true, bank_clerk: true, hotline: true, operator: false },
  search: { officer: true, bank_clerk: true, hotline: true, operator: false },
  block: { officer: true, bank_clerk: true, hotline: true, operator: false },
  reopen: { officer: true, bank_clerk: false, hotline: false, operator: false },
  proof: { officer: true, bank_clerk: true, hotline: false, operator: false },
  // Officers find everyone by CPR number alone.
  proof_by_card: { officer: false, bank_clerk: true, hotline: false, operator: false },
  temporary_password: { officer: true, bank_clerk: true, hotline: false, operator: false },
  card: { officer: true, bank_clerk: true, hotline: false, operator: false },
  skip_wait: { officer: true, bank_clerk: false, hotline: false, operator: false },
  stop_wait: { officer: true, bank_clerk: false, hotline: true, operator: false },
  call_off_email: { officer: true, bank_clerk: true, hotline: true, operator: false },
  security_key: { officer: true, bank_clerk: false, hotline: false, operator: false },
  public_sites: { officer: true, bank_clerk: false, hotline: false, operator: false },

  see_wait: { officer: true, bank_clerk: true, hotline: true, operator: false },
  see_former_cpr: { officer: true, bank_clerk: true, hotline: false, operator: false },
  see_birthdate: { officer: true, bank_clerk: true, hotline: false, operator: false },
  see_id_number: { officer: true, bank_clerk: false, hotline: false, operator: false },
  see_cards: { officer: true, bank_clerk: true, hotline: false, operator: false },
  see_password_letter: { officer: true, bank_clerk: true, hotline: false, operator: false },
  see_public_sites: { officer: true, bank_clerk: true, hotline: false, operator: false },
  see_contact: { officer: true, bank_clerk: true, hotline: false, operator: false },
  see_address: { officer: true, bank_clerk: false, hotline: false, operator: false },
  see_issuer: { officer: true, bank_clerk: true, hotline: false, operator: false },
  see_proofing: { officer: true, bank_clerk: true, hotline: true, operator: false },
  see_guardian: { officer: true, bank_clerk: true, hotline: false, operator: false },
  see_known_id: { officer: true, bank_clerk: false, hotline: false, operator: false },
  see_lock: { officer: true, bank_clerk: true, hotline: true, operator: false },
  see_last_sign_in: { officer: true, bank_clerk: true, hotline: true, operator: false },
  see_history: { officer: true, bank_clerk: true, hotline: true, operator: false },
  see_letters: { officer: true, bank_clerk: true, hotline: false, operator: false },
  see_reasons: { officer: true, bank_clerk: false, hotline: false, operator: false },

  staff_see: { officer: false, bank_clerk: false, hotline: false, operator: true },
  staff_propose: { officer: false, bank_clerk: false, hotline: false, operator: true },
  staff_approve: { officer: false, bank_clerk: false, hotline: false, operator: true },
  staff_end: { officer: false, bank_clerk: false, hotline: false, operator: true },
  refusals_see: { officer: false, bank_clerk: false, hotline: false, operator: true },
  relying_parties: { officer: false, bank_clerk: false, hotline: false, operator: true },
  keys: { officer: false, bank_clerk: false, hotline: false, operator: true },
  jobs: { officer: false, bank_clerk: false, hotline: false, operator: true },

  // Operators revert what others paused: one person must not be able to pause all of them.
  never_paused: { officer: false, bank_clerk: false, hotline: false, operator: true },
};

/** The employer of a role. Staff of a bank issue in its name, and see the persons whose ID it issued. */
type Employer = 'borgerservice' | 'bank' | 'noegle';
const EMPLOYER: Readonly<Record<StaffRole, Employer>> = {
  officer: 'borgerservice',
  bank_clerk: 'bank',
  hotline: 'noegle',
  operator: 'noegle',
};

/** A member of staff at the time of the request. */
export interface Staff {
  /** Their own identity. */
  readonly staffId: string;
  /** For texts and the audit log; authorization uses `permissions`. */
  readonly role: StaffRole;
  /** The client id of the bank that they work for; null for others. */
  readonly bank: string | null;
  readonly employer: Employer;
  readonly permissions: ReadonlySet<Permission>;
}

export function staffOf({ staffId, role, bank }: Pick<Staff, 'staffId' | 'role' | 'bank'>): Staff {
  return { staffId, role, bank, employer: EMPLOYER[role], permissions: permissionsOf(role) };
}

export function rolePermits(role: StaffRole, permission: Permission): boolean {
  return PERMISSIONS[permission][role];
}

export function permissionsOf(role: StaffRole): ReadonlySet<Permission> {
  const all = Object.keys(PERMISSIONS) as Permission[];
  return new Set(all.filter((permission) => rolePermits(role, permission)));
}

export function isPermitted({ permissions }: Pick<Staff, 'permissions'>, permission: Permission): boolean {
  return permissions.has(permission);
}

/** The roles that have a permission, for SQL statements that check a role in its row. */
export function rolesThatMay(permission: Permission): readonly StaffRole[] {
  return STAFF_ROLES.filter((role) => rolePermits(role, permission));
}

/** Whether the role belongs to one bank, for which it is proposed and with which it is paused. */
export function worksForBank(role: StaffRole): boolean {
  return EMPLOYER[role] === 'bank';
}

/** Parses a role; null for any other word. */
export function readRole(word: string | undefined): StaffRole | null {
  return STAFF_ROLES.find((role) => role === word) ?? null;
}

/** The person that an action concerns. */
export interface ActionSubject {
  /** Null for an application: no ID exists yet. */
  readonly identityId: string | null;
  /** Who issued the ID, or will issue it: the client id of a bank, or another issuer. */
  readonly issuedBy: string | null;
  /** Found by CPR number and card number together. */
  readonly byCard?: boolean;
}

/** The issuer of an ID that was ordered online. */
export const ORDERED_ONLINE = 'online';

export type StaffRefusal = 'not_your_role' | 'own_id' | 'other_bank';

/**
 * Why an action is not allowed, or null. No one may act on their own ID, and clerks only on IDs of their own
 * bank. An ID that was ordered online and found by its card they may proof, and nothing else.
 */
export function reasonNotAllowed(
  staff: Staff,
  action: StaffAction,
  subject: ActionSubject,
): StaffRefusal | null {
  const { staffId, employer, bank } = staff;
  if (!isPermitted(staff, action)) return 'not_your_role';
  if (subject.identityId === staffId) return 'own_id';
  if (employer !== 'bank') return null;
  if (bank === null) return 'other_bank';
  return subject.issuedBy === bank || isProofedByCard(staff, action, subject) ? null : 'other_bank';
}

function isProofedByCard(
  staff: Staff,
  action: StaffAction,
  { byCard = false, issuedBy }: ActionSubject,
): boolean {
  return byCard && action === 'proof' && issuedBy === ORDERED_ONLINE && isPermitted(staff, 'proof_by_card');
}

/** One operator proposes and another approves: with fewer than two, no one could become staff again. */
export const MIN_OPERATORS = 2;
