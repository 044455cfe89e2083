/**
 * Lines of the log about errors. Where one repeats, at any level from `warn`, its stack is written once a
 * minute at most, and its line once a second with the number of them: during an outage every request, letter
 * and notification meets the same error. An outage is no fault of the code and has no stack at all. An error
 * that names a row which is not as it was written repeats for itself: no row is missing in the log.
 */
import { types } from 'node:util';
import { TamperedRow } from '../domain/tamperedRow.ts';
import { RepeatedLine } from './repeatedLine.ts';
import { findRequestTrace } from './requestTrace.ts';

type About = Readonly<Record<string, unknown>>;
type Write = (about: About) => void;

const STACK_AGAIN_MS = 60_000;
/** More kinds of errors than one version has; forgetting them costs a stack each. */
const MAX_KINDS = 200;
/** Rows that each have a line a second. With more of them at a time none is lost: its line comes earlier. */
const MAX_ROWS = 1_000;

export class ErrorLines {
  readonly #kinds = new Map<string, { readonly line: RepeatedLine<About>; stackAt: number }>();
  readonly #rows = new Map<string, RepeatedLine<About>>();

  /** @param write writes one line; the first call for a kind of error decides its level and bindings */
  report({ err: error, ...about }: About, text: string, write: Write): void {
    const kind = `${text} ${describeKind(error)}`;
    const now = performance.now();
    const known = this.#kinds.get(kind);
    const isFirst = !known || now - known.stackAt > STACK_AGAIN_MS;
    if (isFirst && !isOutage(error)) {
      this.#remember(kind, write, now);
      return write({ ...about, err: error });
    }
    const row = findTamperedRow(error);
    const { line } = known ?? this.#remember(kind, write, now);
    (row === null ? line : this.#findRowLine(`${kind} ${row}`, write)).report({
      ...findRequestTrace(),
      ...about,
      cause: describeErrorChain(error),
    });
  }

  #findRowLine(kind: string, write: Write): RepeatedLine<About> {
    const known = this.#rows.get(kind);
    if (known) return known;
    if (this.#rows.size >= MAX_ROWS) this.#rows.clear();
    const line = new RepeatedLine<About>(write);
    this.#rows.set(kind, line);
    return line;
  }

  #remember(kind: string, write: Write, stackAt: number) {
    if (this.#kinds.size >= MAX_KINDS) this.#kinds.clear();
    const { line } = this.#kinds.get(kind) ?? { line: new RepeatedLine<About>(write) };
    const remembered = { line, stackAt };
    this.#kinds.set(kind, remembered);
    return remembered;
  }
}

/** The words that name the row. */
function findTamperedRow(error: unknown): string | null {
  if (error instanceof TamperedRow) return error.message;
  return types.isNativeError(error) && error.cause !== undefined ? findTamperedRow(error.cause) : null;
}

/** Messages from the outermost to the innermost cause, without stacks. */
export function describeErrorChain(error: unknown): string {
  if (!types.isNativeError(error)) return typeof error;
  const { code } = error as { code?: unknown };
  const own = typeof code === 'string' ? `${error.message} (${code})` : error.message;
  return error.cause === undefined ? own : `${own}: ${describeErrorChain(error.cause)}`;
}

/** Of the system and of HTTP clients; of PostgreSQL: connections, resources, shutting down, read only. */
const OUTAGE_CODE = /^(E[A-Z0-9]+|UND_ERR_\w+|(08|53|58)\w{3}|57P0\d|25006)$/;
const OUTAGE_NAMES: ReadonlySet<string> = new Set(['MailFault', 'PrintHouseError', 'DatabaseUnavailable']);

/** True when something outside of this process is unavailable: a server, a disk, a connection. */
function isOutage(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && OUTAGE_CODE.test(code)) return true;
  return OUTAGE_NAMES.has(error.name) || OUTAGE_NAMES.has(error.constructor.name) || isOutage(error.cause);
}

/** The class, the code and the place of an error; not its message, which may name a person's letter. */
function describeKind(error: unknown): string {
  if (!types.isNativeError(error)) return typeof error;
  const { code } = error as { code?: unknown };
  const place = isOutage(error) ? '' : (/^ +at .*$/m.exec(error.stack ?? '')?.[0] ?? '');
  return `${error.name} ${String(code)} ${place}`;
}
