/**
 * The roles of a database in which each program has the rights that it needs and no others. An installation
 * may have none of them: then one role owns the tables and does everything, as in the sandbox.
 */
export const OWNER = 'noegle_owner';
export const APP = 'noegle_app';
export const QUEUE = 'noegle_queue';
export const AUDIT = 'noegle_audit';

export type RoleName = typeof OWNER | typeof APP | typeof QUEUE | typeof AUDIT;

/** What each role is for, as the command and the docs describe it. */
export const ROLES: Readonly<Record<RoleName, string>> = {
  [OWNER]: 'owns everything and runs migrations: DATABASE_URL of `migrate`',
  [APP]: 'what nodes and commands connect as: DATABASE_URL',
  [QUEUE]: 'what the worker connects as: NOEGLE_DIRECT_DATABASE_URL',
  [AUDIT]: 'reads the audit log',
};

export const ROLE_NAMES = Object.keys(ROLES) as RoleName[];
