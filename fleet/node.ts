/** A node as in production, with a supervisor that starts it again two seconds after it was killed. */
import type { ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describeEnd, isEnded, signalProcess, startProgram, until, untilEnded } from './processes.ts';

/** As `RestartSec` in examples/operations/noegle@.service. */
const RESTART_MS = 2_000;
const READY_MS = 90_000;
const FLAGS = [
  '--disable-sigusr1',
  '--enable-source-maps',
  '--expose-gc',
  '--max-semi-space-size=16',
  '--max-old-space-size=1024',
];

export interface NodeOptions {
  readonly name: string;
  readonly port: number;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The library that moves its clock. */
  readonly faketime: string;
}

export class FleetNode {
  readonly name: string;
  readonly port: number;
  /** Ends that no fault of the run caused. */
  readonly unexpectedEnds: string[] = [];
  /** How often it was started again. */
  restarts = 0;
  readonly #options: NodeOptions;
  readonly #clockFile: string;
  #child: ChildProcess | null = null;
  #isEndExpected = false;
  #isSupervised = true;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.name = options.name;
    this.port = options.port;
    this.#clockFile = path.join(options.folder, `${options.name}.clock`);
    this.setClock(0);
  }

  start(): void {
    const { folder, env, port, name, faketime } = this.#options;
    const inherited = Object.entries(process.env).filter(
      ([variable]) => !/^(NOEGLE_|NODE_|DATABASE_URL|PORT$)/.test(variable),
    );
    this.#isEndExpected = false;
    const child = startProgram(process.execPath, [...FLAGS, 'dist/main.js'], {
      log: path.join(folder, `${name}.log`),
      cwd: process.cwd(),
      env: {
        ...Object.fromEntries(inherited),
        ...env,
        PORT: String(port),
        NOEGLE_NODE_NAME: name,
        LD_PRELOAD: faketime,
        FAKETIME_TIMESTAMP_FILE: this.#clockFile,
        FAKETIME_CACHE_DURATION: '1',
        // Timers go by this clock, and no one moves it.
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
    });
    this.#child = child;
    child.once('exit', () => {
      removeSharedMemory(child.pid ?? 0);
      void this.#onExit(child);
    });
  }

  async #onExit(child: ChildProcess): Promise<void> {
    if (!this.#isEndExpected) this.unexpectedEnds.push(`${this.name} ended: ${describeEnd(child)}`);
    await setTimeout(RESTART_MS);
    if (!this.#isSupervised || this.#child !== child) return;
    this.restarts += 1;
    this.start();
  }

  get #pid(): number {
    if (!this.#child?.pid || isEnded(this.#child)) throw new Error(`${this.name} does not run`);
    return this.#child.pid;
  }

  kill(): void {
    this.#isEndExpected = true;
    signalProcess(this.#pid, 'SIGKILL');
  }

  freeze(): void {
    signalProcess(this.#pid, 'SIGSTOP');
  }

  thaw(): void {
    signalProcess(this.#pid, 'SIGCONT');
  }

  /** Its clock is so far from that of the other machines, within a second. */
  setClock(seconds: number): void {
    writeFileSync(this.#clockFile, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  }

  /** Stops it in order, as an upgrade does. @returns how it ended */
  async terminate(): Promise<string> {
    const child = this.#child;
    if (!child) throw new Error(`${this.name} was not started`);
    this.#isEndExpected = true;
    signalProcess(this.#pid, 'SIGTERM');
    await untilEnded(child);
    return describeEnd(child);
  }

  /** After `terminate`: what the supervisor would do two seconds later. */
  startAgain(): void {
    if (this.#child !== null && !isEnded(this.#child)) return;
    this.start();
  }

  async isReady(): Promise<boolean> {
    const signal = AbortSignal.timeout(2_000);
    return await fetch(`http://127.0.0.1:${this.port}/health/ready`, { signal }).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  async untilReady(): Promise<void> {
    await until(`${this.name} is ready`, READY_MS, async () => await this.isReady());
  }

  async stop(): Promise<void> {
    this.#isSupervised = false;
    const child = this.#child;
    if (!child?.pid || isEnded(child)) return;
    this.#isEndExpected = true;
    signalProcess(child.pid, 'SIGKILL');
    await untilEnded(child);
  }
}

/** What the library that moves the clock leaves of a process that was killed. */
function removeSharedMemory(pid: number): void {
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`])
    rmSync(path.join('/dev/shm', name), { force: true });
}
