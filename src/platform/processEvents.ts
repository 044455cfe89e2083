/**
 * What reaches the process from outside its requests: signals, and errors that no one handled.
 *
 * A rejection that a library forgot says nothing about the state of this node: it is logged as an error and the node goes
 * on. The same holds for a connection that was lost where no one listened. Any other exception that no one caught may
 * have left something half done in memory: the node takes no more, finishes what runs, so that nobody loses a key that was
 * just spent, and ends with 1; a supervisor starts it again.
 */
import type { Log } from './log.ts';

const STOPPING = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2'] as const;
/** A terminal that closes; and what would open Node's debugger, were it not listened to. */
const IGNORED = ['SIGHUP', 'SIGUSR1'] as const;
/** Longer than an orderly end takes. */
const END_MS = 30_000;

export class ProcessEvents {
  /** The exit code, once there is a reason to end. Ctrl-C comes twice, from the terminal and from npm: the first counts. */
  readonly ending: Promise<0 | 1>;
  #log: Log | null = null;

  /** @param isHarmless for errors that tell of a lost connection, and of nothing else. */
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
    // A terminal that is gone takes no more text; that is no reason to end.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  }

  /** Before that there is only standard error. */
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
