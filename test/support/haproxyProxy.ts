/**
 * Debian's HAProxy in front of two nodes, with the backend that docs/how-to/upgrade.md shows: what operators
 * copy is what is run.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from './ports.ts';
import { markOfRun } from './leftovers.ts';
import { waitUntil } from './waiting.ts';

const PROGRAM = '/usr/sbin/haproxy';
const ANSWER_MS = 5_000;

export function isHaproxyInstalled(): boolean {
  return spawnSync(PROGRAM, ['-v'], { timeout: ANSWER_MS }).status === 0;
}

/** @returns the block of the page, with these nodes in place of its own */
function composeBackend(ports: readonly number[]): string {
  const page = readFileSync('docs/how-to/upgrade.md', 'utf8');
  const [, block = ''] = /^```haproxy\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const lines = block.split('\n').filter((line) => !/^\s*server /.test(line));
  return [...lines, ...ports.map((port, i) => `  server node${i + 1} 127.0.0.1:${port}`), ''].join('\n');
}

export class HaproxyProxy {
  readonly name = 'HAProxy';
  /** `NOEGLE_LEAVE_SECONDS` as the page says. */
  readonly leaveSeconds = '3';
  readonly #ports: readonly number[];
  readonly #folder: string;
  #child: ChildProcess | null = null;
  #statsPort = 0;
  output = '';

  constructor(ports: readonly number[], folder: string) {
    this.#ports = ports;
    this.#folder = folder;
  }

  async listen(port: number): Promise<void> {
    this.#statsPort = await freePort();
    const file = path.join(this.#folder, 'haproxy.cfg');
    const lines = [
      'defaults',
      '  mode http',
      '  timeout connect 2s',
      '  timeout client 60s',
      '  timeout server 60s',
      'frontend people',
      `  bind 127.0.0.1:${port}`,
      '  option forwardfor',
      '  default_backend noegle',
      'frontend figures',
      `  bind 127.0.0.1:${this.#statsPort}`,
      '  stats enable',
      '  stats uri /',
      composeBackend(this.#ports),
    ];
    writeFileSync(file, lines.join('\n'));
    this.#child = spawn(PROGRAM, ['-db', '-f', file], { env: { ...markOfRun() } });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    await waitUntil('HAProxy answers', async () => (await this.#readServers()).length > 0);
  }

  /** How many requests each node has answered. */
  async countServed(): Promise<number[]> {
    return (await this.#readServers()).map((row) => Number(row['stot']));
  }

  /** Resolves when all nodes get requests. */
  async takesTurns(): Promise<void> {
    await waitUntil('all nodes are up', async () =>
      (await this.#readServers()).every(({ status }) => status === 'UP'),
    );
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async #readServers(): Promise<Record<string, string>[]> {
    const answer = await fetch(`http://127.0.0.1:${this.#statsPort}/;csv`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch(() => null);
    const [head = '', ...rows] = ((await answer?.text()) ?? '').replace(/^# /, '').split('\n');
    const names = head.split(',');
    return rows
      .map((row) => Object.fromEntries(row.split(',').map((value, i) => [names[i] ?? '', value])))
      .filter(({ svname }) => svname?.startsWith('node'));
  }
}
