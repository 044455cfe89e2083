/**
 * What means that the database cannot be used right now: the one list. A page says 503 then and can be asked again; a node
 * goes on and waits. Everything else that the database says is a fault of ours.
 */
import { types } from 'node:util';

// Node's own errors come from another realm where modules run in a context of their own: `instanceof` misses those.
const { isNativeError } = types;

/** PostgreSQL does not answer, takes no writes, or is going down: say so within two seconds and come back when it does. */
export class DatabaseUnavailable extends Error {
  /** Read by the engine's error handler. */
  readonly statusCode = 503;
  /** False when the server itself said that the statement was given up: then it was not committed. */
  readonly isUnknown: boolean;

  constructor(message: string, options: { cause?: unknown; isUnknown?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.isUnknown = options.isUnknown ?? true;
  }
}

/** A server that takes no writes says this: a standby, a former primary, one that an operator has set so. */
const READ_ONLY_SQLSTATE = /^25006$/;
/** Statements that waited too long for others; the connection is as good as before. */
const WAIT_SQLSTATES = /^(57014|55P03|40001|40P01)$/;
/** The server undid the statement and lives. */
const ROLLED_BACK_SQLSTATES = /^(25006|53...|57014|55P03|40001|40P01)$/;

/** SQLSTATE, and what it means for an operator. The first that fits. */
const UNAVAILABLE_SQLSTATES: readonly (readonly [RegExp, string])[] = [
  [READ_ONLY_SQLSTATE, 'the database is read-only'],
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

const NO_ANSWER = 'the database does not answer';

/** What Node says of a connection. */
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

/** What the driver says, without a code. */
const UNAVAILABLE_DRIVER_WORDS = /timeout|timed out|Connection terminated|not queryable|Connection ended/i;

/** In words, why the database cannot be used; null for any other error. */
export function explainUnavailability(error: unknown): string | null {
  if (!isNativeError(error)) return null;
  if (error instanceof DatabaseUnavailable) return error.message;
  const code = readErrorCode(error);
  if (code === null) return UNAVAILABLE_DRIVER_WORDS.test(error.message) ? NO_ANSWER : null;
  // The socket of a server on this machine is a file.
  if (
    UNAVAILABLE_NODE_CODES.has(code) ||
    (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect')
  ) {
    return NO_ANSWER;
  }
  return UNAVAILABLE_SQLSTATES.find(([states]) => states.test(code))?.[1] ?? null;
}

/** @returns DatabaseUnavailable for what means that; any other error as it is. */
export function toDatabaseUnavailable(error: unknown): unknown {
  const reason = explainUnavailability(error);
  if (reason === null || error instanceof DatabaseUnavailable) return error;
  const code = readErrorCode(error);
  return new DatabaseUnavailable(reason, {
    cause: error,
    isUnknown: !(code !== null && ROLLED_BACK_SQLSTATES.test(code)),
  });
}

/** The connection that said so is not used again. */
export function isConnectionSpoiled(error: unknown): boolean {
  const code = readErrorCode(findCause(error));
  return explainUnavailability(error) !== null && !(code !== null && WAIT_SQLSTATES.test(code));
}

/** The connection is alive and leads to a server that takes no writes: all others probably do the same. */
export function isReadOnlyError(error: unknown): boolean {
  const code = readErrorCode(findCause(error));
  return code !== null && READ_ONLY_SQLSTATE.test(code);
}

/** For an operator: why, and what the server or the system said. Any other error in its own words. */
export function describeDatabaseError(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  const cause = error instanceof DatabaseUnavailable && isNativeError(error.cause) ? error.cause.message : '';
  const said = cause === '' || cause === error.message ? error.message : `${error.message}: ${cause}`;
  return POOLER_WORDS.test(said) ? `${said}. ${POOLER_ADVICE}` : said;
}

const POOLER_WORDS = /startup[ _]parameter|prepared statement "/;
const POOLER_ADVICE =
  'A node pools its connections itself and needs them to keep their settings and statements: ' +
  'let DATABASE_URL lead to PostgreSQL, past the pooler';

/** Waiting does not help: an operator has to change DATABASE_URL, or the server. */
export function requiresOperator(error: unknown): boolean {
  const cause = findCause(error);
  return (
    /^(28...|3D000)$/.test(readErrorCode(cause) ?? '') ||
    (isNativeError(cause) && POOLER_WORDS.test(cause.message))
  );
}

/** A new connection said at its beginning that it takes no writes. It was never used. */
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
