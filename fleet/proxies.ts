/**
 * The proxies, with the configurations that operators copy: one between people and nodes, and one on each
 * node's machine between the node and the primary of the database.
 */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fillExample } from './programs.ts';
import { isEnded, signalProcess, signalTree, startProgram, untilEnded } from './processes.ts';

export interface DatabaseProxyOptions {
  readonly program: string;
  readonly name: string;
  readonly port: number;
  readonly folder: string;
  /** Addresses of the machines of the database, three. */
  readonly machines: readonly string[];
}

/** Leads to the primary. */
export class DatabaseProxy {
  readonly port: number;
  readonly #options: DatabaseProxyOptions;
  readonly #configuration: string;
  #child: ChildProcess | null = null;

  constructor(options: DatabaseProxyOptions) {
    const { name, port, folder, machines } = options;
    this.#options = options;
    this.port = port;
    this.#configuration = path.join(folder, `${name}.cfg`);
    const filled = fillExample('haproxy-database.cfg', [
      ['log /dev/log local0', 'log stdout format raw local0'],
      ['  user haproxy\n  group haproxy\n', ''],
      ['bind 127.0.0.1:5000', `bind 127.0.0.1:${port}`],
      ...machines.map((address, i) => [`<DB-${i + 1}>`, address] as const),
    ]);
    writeFileSync(this.#configuration, filled);
  }

  start(): void {
    const { program, name, folder } = this.#options;
    const log = path.join(folder, `${name}.log`);
    this.#child = startProgram(program, ['-W', '-db', '-f', this.#configuration], { log });
  }

  get #pid(): number {
    if (!this.#child?.pid || isEnded(this.#child)) throw new Error(`${this.#options.name} has ended`);
    return this.#child.pid;
  }

  /** Nothing passes any longer, and nothing is told so: as on a network that loses every packet. */
  cut(): void {
    signalTree([this.#pid], 'SIGSTOP');
  }

  join(): void {
    signalTree([this.#pid], 'SIGCONT');
  }

  reload(): void {
    signalProcess(this.#pid, 'SIGUSR2');
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child?.pid || isEnded(child)) return;
    signalTree([child.pid], 'SIGKILL');
    await untilEnded(child);
  }
}
