/**
 * The log: JSON lines. It never contains a secret, a CPR number or a token; fields that could contain one are
 * redacted.
 */
import { hostname } from 'node:os';
import { types } from 'node:util';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { ErrorLines } from './errorLines.ts';
import { findRequestTrace } from './requestTrace.ts';

export type Log = Logger;

const REDACTED = [
  'password',
  'key',
  'keys',
  'cpr',
  'token',
  'code',
  'secret',
  'cookie',
  'authorization',
  'client_secret',
  'client_assertion',
  'refresh_token',
  'access_token',
  'id_token',
];

/** @param node the name of this node, in every line */
export function createLog(level: string, destination?: DestinationStream, node = hostname()): Log {
  const paths = REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const options = {
    level,
    base: { node },
    formatters: { level: (name: string) => ({ level: name }) },
    mixin: () => ({ ...findRequestTrace() }),
    redact: { paths, censor: '[cut]' },
    hooks: { logMethod: createErrorHook() },
    serializers: { err: describeError },
  };
  return pino(options, destination ?? createSyncDestination(STANDARD_OUTPUT));
}

const WARN = 40;

/** Lines about an error that repeats are written once a second (errorLines.ts). */
function createErrorHook(): NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']> {
  const errors = new ErrorLines();
  return function writeOrCount(this: Logger, args, method, level) {
    const [about, text] = args as unknown[];
    if (level < WARN || typeof text !== 'string' || !isAboutError(about)) return method.apply(this, args);
    errors.report(about, text, (line) => method.call(this, line, text));
  };
}

function isAboutError(about: unknown): about is Readonly<Record<string, unknown>> {
  return typeof about === 'object' && about !== null && 'err' in about;
}

/**
 * Lines are written synchronously: a killed process has logged everything that it did, and the threads that
 * hash are not woken between two hashes to write. The price: a reader that stops reading blocks the process.
 * Where nothing can be written (a full disk) this is reported once and requests are still served; the buffer
 * has a limit, and the rest is lost.
 * @param to a file descriptor or the path of a file.
 */
export function createSyncDestination(to: number | string): ReturnType<typeof pino.destination> {
  const destination = pino.destination({ dest: to, sync: true, maxLength: WAITING_BYTES });
  let isReported = false;
  destination.on('error', (error: Error) => {
    if (!isReported) process.stderr.write(`The log cannot be written: ${error.message}\n`);
    isReported = true;
  });
  return destination;
}

const STANDARD_OUTPUT = 1;
/** About a thousand lines. */
const WAITING_BYTES = 1_000_000;

/** Name, message and stack; not the fields that drivers attach to errors (a failed row, parameters). */
function describeError(error: unknown): Record<string, unknown> {
  if (!types.isNativeError(error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    // Not named `code`: that name is redacted, because it could be an authorization code.
    ...(typeof code === 'string' ? { errorCode: code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
