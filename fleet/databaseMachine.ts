/**
 * A machine of the database: Patroni and the PostgreSQL that it starts, with an address and a disk of its
 * own. Its configuration is examples/operations/patroni.yml, which is what operators copy.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { fillExample, type Programs } from './programs.ts';
import { listTree, signalTree, startProgram } from './processes.ts';
import type { SystemUser } from '../failover/server.ts';

const SUPERUSER_PASSWORD = 'fleet-superuser';
/** As `RestartSec` of a unit. */
const RESTART_MS = 2_000;
const REST_MS = 1_500;
const QUERY_MS = 20_000;

export interface MachineOptions {
  readonly name: string;
  readonly address: string;
  /** Its disk. */
  readonly disk: string;
  /** Where its configuration and its log are. */
  readonly folder: string;
  readonly etcdAddress: string;
  readonly user: SystemUser;
  /** For the control: commits are acknowledged before a standby has them. */
  readonly isAsynchronous: boolean;
  readonly programs: Programs;
}

export class DatabaseMachine {
  readonly name: string;
  readonly address: string;
  readonly disk: string;
  readonly log: string;
  readonly #options: MachineOptions;
  readonly #configuration: string;
  readonly #data: string;
  #patroni: ChildProcess | null = null;
  #isOff = false;
  /** How often Patroni ended by itself, and was started again as systemd does. */
  patroniRestarts = 0;

  constructor(options: MachineOptions) {
    const { name, address, disk, folder, etcdAddress, isAsynchronous, programs } = options;
    this.#options = options;
    this.name = name;
    this.address = address;
    this.disk = disk;
    this.log = path.join(folder, `${name}.log`);
    this.#data = path.join(disk, 'data');
    this.#configuration = path.join(folder, `${name}.yml`);
    const asynchronous = [
      ['synchronous_mode: true', 'synchronous_mode: false'],
      ['synchronous_mode_strict: true', 'synchronous_mode_strict: false'],
    ] as const;
    const filled = fillExample('patroni.yml', [
      ...(isAsynchronous ? asynchronous : []),
      ['<NAME>', name],
      ['<ADDRESS>', address],
      ['<ETCD-1>:2379,<ETCD-2>:2379,<ETCD-3>:2379', `${etcdAddress}:2379`],
      ['<NETWORK>', '127.0.0.0/8'],
      ['<SUPERUSER-PASSWORD>', SUPERUSER_PASSWORD],
      ['<REPLICATION-PASSWORD>', 'fleet-replication'],
      ['<REWIND-PASSWORD>', 'fleet-rewind'],
      ['/var/lib/postgresql/15/noegle', this.#data],
      ['/usr/lib/postgresql/15/bin', programs.postgresBin],
      ['/var/lib/postgresql/patroni.pgpass', path.join(disk, 'pgpass')],
      ['unix_socket_directories: /var/run/postgresql', `unix_socket_directories: ''`],
      ['    - local all postgres peer\n', ''],
      // The disks of this run are small, and nothing of a killed server may be left elsewhere.
      [
        'wal_keep_size: 1GB',
        ['wal_keep_size: 128MB', 'max_wal_size: 256MB', 'dynamic_shared_memory_type: mmap'].join(
          '\n        ',
        ),
      ],
      ['max_slot_wal_keep_size: 8GB', 'max_slot_wal_keep_size: 256MB'],
      // Each timeline keeps its part of a segment: of 16 MB each, forty of them in ten minutes fill a disk.
      ['    - data-checksums\n', '    - data-checksums\n    - wal-segsize: "1"\n'],
    ]);
    writeFileSync(this.#configuration, filled);
  }

  start(): void {
    const { programs, user } = this.#options;
    // A machine that starts again has other process ids: here they could be those of another machine.
    if (this.#isOff) rmSync(path.join(this.#data, 'postmaster.pid'), { force: true });
    const patroni = startProgram(programs.patroni, [this.#configuration], {
      log: this.log,
      ...user,
      cwd: this.disk,
    });
    this.#patroni = patroni;
    this.#isOff = false;
    patroni.once('exit', () => void this.#onExit(patroni));
  }

  async #onExit(patroni: ChildProcess): Promise<void> {
    await setTimeout(RESTART_MS);
    if (this.#isOff || this.#patroni !== patroni) return;
    this.patroniRestarts += 1;
    this.start();
  }

  /** Null while PostgreSQL does not run. */
  get postmaster(): number | null {
    try {
      const pid = Number(readFileSync(path.join(this.#data, 'postmaster.pid'), 'utf8').split('\n')[0]);
      return pid > 1 && listTree([pid]).length > 0 ? pid : null;
    } catch {
      return null;
    }
  }

  /** Its processes: of PostgreSQL, and of Patroni with what it runs. */
  get #roots(): number[] {
    const postgres = this.postmaster;
    return [...(this.#patroni?.pid ? [this.#patroni.pid] : []), ...(postgres === null ? [] : [postgres])];
  }

  /** PostgreSQL without Patroni, as when the kernel kills it. */
  killPostgres(): void {
    const postgres = this.postmaster;
    if (postgres === null) throw new Error(`${this.name} has no PostgreSQL that could be killed`);
    signalTree([postgres], 'SIGKILL');
  }

  /** All of the machine stands still: connections stay open, and nothing answers. */
  freeze(): void {
    signalTree(this.#roots, 'SIGSTOP');
  }

  thaw(): void {
    signalTree(this.#roots, 'SIGCONT');
  }

  /** The machine is without power. */
  powerOff(): void {
    this.#isOff = true;
    signalTree(this.#roots, 'SIGKILL');
  }

  get url(): string {
    return `postgres://postgres:${SUPERUSER_PASSWORD}@${this.address}:5432`;
  }

  /** Runs one statement as the superuser, on a connection of its own. */
  async ask<Row extends pg.QueryResultRow>(text: string, database = 'postgres'): Promise<Row[]> {
    const client = await this.connect(database);
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** A connection of the superuser. */
  async connect(database = 'postgres'): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: `${this.url}/${database}`,
      connectionTimeoutMillis: 2_000,
      query_timeout: QUERY_MS,
      application_name: 'fleet',
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** A request to Patroni. @returns null when it does not answer */
  async request<T>(pathname: string, body?: object): Promise<{ status: number; answer: T } | null> {
    try {
      const response = await fetch(`http://${this.address}:8008${pathname}`, {
        signal: AbortSignal.timeout(body === undefined ? REST_MS : 60_000),
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const answer = text.startsWith('{') ? JSON.parse(text) : text;
      return { status: response.status, answer: answer as T };
    } catch {
      return null;
    }
  }
}
