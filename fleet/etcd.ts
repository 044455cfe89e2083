/**
 * One etcd, which keeps the lock of the primary. Production has three on three machines, so that one can be
 * lost; what is measured here, an etcd that is away and comes back, is the loss of a majority of three.
 */
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { isEnded, signalProcess, startProgram, until, untilEnded } from './processes.ts';

const READY_MS = 20_000;

export class Etcd {
  readonly address: string;
  readonly #program: string;
  readonly #folder: string;
  #child: ChildProcess | null = null;

  constructor(program: string, address: string, folder: string) {
    this.#program = program;
    this.address = address;
    this.#folder = folder;
  }

  start(): void {
    const client = `http://${this.address}:2379`;
    const peer = `http://${this.address}:2380`;
    const args = [
      ['--name', 'etcd1'],
      ['--data-dir', path.join(this.#folder, 'etcd')],
      ['--listen-client-urls', client],
      ['--advertise-client-urls', client],
      ['--listen-peer-urls', peer],
      ['--initial-advertise-peer-urls', peer],
      ['--initial-cluster', `etcd1=${peer}`],
      ['--log-level', 'warn'],
      ['--enable-v2'],
    ].flat();
    this.#child = startProgram(this.#program, args, { log: path.join(this.#folder, 'etcd.log') });
  }

  async untilReady(): Promise<void> {
    await until('etcd answers', READY_MS, async () => {
      const signal = AbortSignal.timeout(1_000);
      return await fetch(`http://${this.address}:2379/health`, { signal }).then(
        (answer) => answer.ok,
        () => false,
      );
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child?.pid || isEnded(child)) return;
    signalProcess(child.pid, 'SIGKILL');
    await untilEnded(child);
  }
}
