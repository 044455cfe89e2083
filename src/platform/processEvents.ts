/**
 * Events from outside of requests: signals, and errors that no one handled.
 *
 * An unhandled rejection in a library reveals nothing about the state of this node: it is logged as an error
 * and the node continues. The same holds for a lost connection without a listener. Any other uncaught
 * exception may have left something half done in memory: the node accepts no more, finishes what runs, so
 * that no one loses a key that was just spent, and exits with 1; a supervisor starts it again.
 */
import type { Log } from './log.ts';

const STOPPING = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2'] as const;
/** A terminal that closes, and the signal that would start Node's debugger without a listener. */
const IGNORED = ['SIGHUP', 'SIGUSR1'] as const;
/** An orderly shutdown takes less than this. */
const END_MS = 30_000;

export class ProcessEvents {
  /**
   * The exit code, once there is a reason to end. Ctrl-C arrives twice, from the terminal and from npm: the
   * first counts.
   */
  readonly ending: Promise<0 | 1>;
  #log: Log | null = null;

  /** @param isHarmless true for errors that report a lost connection and nothing else. */
  constructor(isHarmless: (error: unknown) => boolean) {
    this.ending = new Promise((resolve) => {
      for (const signal of STOPPING) process.on(signal, () => resolve(0));
      process.on('uncaughtException', (error: unknown) => {
        if (isHarmless(error))
          return this.#writeLine(error, 'a connection was lost, and no one listened; the node goes on');
        this.#writeLine(error, 'an exception that no one caught; the node finishes what runs and ends');
        resolve(1);
        setTimeout(() => process.exit(1), END_MS).unref();
      });
    });
    for (const signal of IGNORED) {
      process.on(signal, () => this.#log?.info({ signal }, 'a signal is ignored'));
    }
    process.on('unhandledRejection', (reason) =>
      this.#writeLine(reason, 'a rejection that no one handled; the node goes on'),
    );
    // A closed terminal accepts no more text; that is no reason to end.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  }

  /** Sets the log; until then lines go to standard error. */
  writeTo(log: Log): void {
    this.#log = log;
  }

  #writeLine(error: unknown, text: string): void {
    if (this.#log) return this.#log.error({ err: error }, text);
    process.stderr.write(
      `${text}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
}
