/**
 * The one list of errors which mean that the database is unavailable. A page then answers 503 and can be
 * requested again; a node keeps running and waits. Every other database error is an error in Nøgle.
 */
import { types } from 'node:util';
import { findAdvice, isTlsError } from './connectionAdvice.ts';

// Node's own errors come from another realm when modules run in a separate context: `instanceof` misses them.
const { isNativeError } = types;

/**
 * PostgreSQL does not answer, takes no writes, or is going down. Thrown within two seconds; the node recovers
 * with the database.
 */
export class DatabaseUnavailable extends Error {
  /** Read by the error handler of the provider. */
  readonly statusCode = 503;
  /**
   * Whether the statement may have been committed. False when the server reported that it cancelled the
   * statement.
   */
  readonly isUnknown: boolean;
  /** The setting whose URL was connected to. */
  setting = 'DATABASE_URL';

  constructor(message: string, options: { cause?: unknown; isUnknown?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.isUnknown = options.isUnknown ?? true;
  }
}

/**
 * Reported by a server that takes no writes: a standby, a former primary, or one that an operator has set so.
 */
const READ_ONLY_SQLSTATE = /^25006$/;
/** Reported for a statement that the role of the connection may not run, or whose row a policy refuses. */
const PERMISSION_SQLSTATE = /^42501$/;
/** Reported for a statement that waited too long for others; the connection can still be used. */
const WAIT_SQLSTATES = /^(57014|55P03|40001|40P01)$/;
/** The server has rolled back the statement and is still running. */
const ROLLED_BACK_SQLSTATES = /^(25006|42501|53...|57014|55P03|40001|40P01)$/;

/** SQLSTATEs, and what they mean for an operator. The first match counts. */
const UNAVAILABLE_SQLSTATES: readonly (readonly [RegExp, string])[] = [
  [READ_ONLY_SQLSTATE, 'the database is read-only'],
  [PERMISSION_SQLSTATE, 'the role of the connection lacks a right, which the owner has to grant'],
  [WAIT_SQLSTATES, 'a statement waited too long'],
  [/^08...$/, 'the connection to the database failed'],
  [/^25P0[34]$/, 'the database ended a transaction that took too long'],
  [/^(26000|42P05)$/, 'the connection does not keep its statements'],
  [/^28...$/, 'the database refuses this user or password'],
  [/^3D000$/, 'there is no database of this name'],
  [/^53100$/, 'the disk of the database is full'],
  [/^53300$/, 'the database has no connection left'],
  [/^53...$/, 'the database has run out of something'],
  [/^57P0[1-5]$/, 'the database is shutting down or starting'],
  [/^58030$/, 'the database cannot read or write its disk'],
];

/**
 * Internal and system errors: with the severity that ends the connection they are the server's trouble. One
 * whose disk is full refuses new connections so: `FATAL: could not write init file`, XX000.
 */
const BROKEN_SQLSTATES = /^(XX|58)...$/;
const ENDED = 'the database ended the connection';

const NO_ANSWER = 'the database does not answer';
const NO_TLS = 'there is no TLS connection to the database';

/** Node's error codes for a connection. */
const UNAVAILABLE_NODE_CODES: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** The driver's messages that have no code. */
const UNAVAILABLE_DRIVER_WORDS = /timeout|timed out|Connection terminated|not queryable|Connection ended/i;

/** @returns why the database is unavailable, in words; null for any other error */
export function explainUnavailability(error: unknown): string | null {
  if (!isNativeError(error)) return null;
  if (error instanceof DatabaseUnavailable) return error.message;
  const code = readErrorCode(error);
  if (isTlsError({ message: error.message, code })) return NO_TLS;
  if (code === null) return UNAVAILABLE_DRIVER_WORDS.test(error.message) ? NO_ANSWER : null;
  // The socket of a server on this machine is a file, so that ENOENT means that it is not running.
  if (
    UNAVAILABLE_NODE_CODES.has(code) ||
    (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect')
  ) {
    return NO_ANSWER;
  }
  const [, reason] = UNAVAILABLE_SQLSTATES.find(([states]) => states.test(code)) ?? [];
  return reason ?? (BROKEN_SQLSTATES.test(code) && endsConnection(error) ? ENDED : null);
}

/** By the severity that the server reports, which few languages translate. */
function endsConnection(error: Error): boolean {
  return 'severity' in error && (error.severity === 'FATAL' || error.severity === 'PANIC');
}

/** @returns DatabaseUnavailable when the error means that; any other error unchanged */
export function toDatabaseUnavailable(error: unknown): unknown {
  const reason = explainUnavailability(error);
  if (reason === null || error instanceof DatabaseUnavailable) return error;
  const code = readErrorCode(error);
  return new DatabaseUnavailable(reason, {
    cause: error,
    isUnknown: !(code !== null && ROLLED_BACK_SQLSTATES.test(code)),
  });
}

/** True when the connection that reported the error must not be used again. */
export function isConnectionSpoiled(error: unknown): boolean {
  const code = readErrorCode(findCause(error));
  const isUsable = code !== null && (WAIT_SQLSTATES.test(code) || PERMISSION_SQLSTATE.test(code));
  return explainUnavailability(error) !== null && !isUsable;
}

/** True when the role of the connection lacks a right: no retry helps before someone grants it. */
export function isPermissionError(error: unknown): boolean {
  const code = readErrorCode(findCause(error));
  return code !== null && PERMISSION_SQLSTATE.test(code);
}

/**
 * True when the connection works, but its server takes no writes: the other connections probably reach the
 * same server.
 */
export function isReadOnlyError(error: unknown): boolean {
  const code = readErrorCode(findCause(error));
  return code !== null && READ_ONLY_SQLSTATE.test(code);
}

/**
 * Describes the error for an operator: the reason, the message of the server or the system, and what to do
 * about it. Any other error keeps its own message.
 */
export function describeDatabaseError(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  const cause = error instanceof DatabaseUnavailable ? readMessage(error.cause) : '';
  const message = cause === '' || cause === error.message ? error.message : `${error.message}: ${cause}`;
  const advice = explainUnavailability(error) === null && !isServerError(error) ? null : adviseOn(error);
  return advice ? `${message}. ${advice.mend}` : message;
}

/** True when waiting does not help: an operator has to change the URL, the server or a pooler. */
export function requiresOperator(error: unknown): boolean {
  return findCause(error) instanceof UnfitConnectionError || adviseOn(error)?.lasts === true;
}

/** True for an error that PostgreSQL, or a pooler, reported: its message is for people. */
export function isServerError(error: unknown): boolean {
  const cause = findCause(error);
  return isNativeError(cause) && 'severity' in cause && readErrorCode(cause) !== null;
}

/** Connections do not keep what a node relies on. The message says what to do about it. */
export class UnfitConnectionError extends Error {}

function adviseOn(error: unknown): { mend: string; lasts: boolean } | null {
  const cause = findCause(error);
  return isNativeError(cause)
    ? findAdvice({ message: readMessage(cause), code: readErrorCode(cause) })
    : null;
}

/** A connection to a name with several addresses fails with one error for each. */
function readMessage(error: unknown): string {
  if (!isNativeError(error)) return '';
  if (error.message !== '' || !('errors' in error) || !Array.isArray(error.errors)) return error.message;
  return error.errors.map((one: unknown) => (isNativeError(one) ? one.message : String(one))).join(', ');
}

/** The server of a new connection takes no writes. The connection was never used. */
export class ReadOnlyConnectionError extends Error {
  readonly code = '25006';
  constructor() {
    super('cannot write: the server is a standby, or set read-only');
  }
}

function findCause(error: unknown): unknown {
  return error instanceof DatabaseUnavailable ? error.cause : error;
}

function readErrorCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : null;
}
