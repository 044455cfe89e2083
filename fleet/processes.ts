/** Processes and their descendants, by id: what a machine of the fleet consists of. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

export interface StartOptions {
  /** Its output is appended there. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly cwd?: string;
}

/** A process that is started in a session of its own, so that a signal for the terminal does not reach it. */
export function startProgram(
  program: string,
  args: readonly string[],
  { log, env = process.env, uid, gid, cwd = '/' }: StartOptions,
): ChildProcess {
  const output = openSync(log, 'a');
  const child = spawn(program, args, {
    env,
    cwd,
    detached: true,
    stdio: ['ignore', output, output],
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  closeSync(output);
  return child;
}

export function isEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

export function describeEnd(child: ChildProcess): string {
  return `exit ${child.exitCode ?? child.signalCode}`;
}

/** @returns the processes themselves, as far as they run, and all below them; parents first */
export function listTree(roots: readonly number[]): number[] {
  const children = new Map<number, number[]>();
  const running = new Set<number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = readParent(Number(name));
    if (parent === null) continue;
    running.add(Number(name));
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = roots.filter((pid) => running.has(pid));
  for (let i = 0; i < found.length; i += 1) found.push(...(children.get(found[i] ?? 0) ?? []));
  return [...new Set(found)];
}

/** @returns null when it does not run, or is only waited for */
function readParent(pid: number): number | null {
  try {
    // The name of the program is in brackets, and may have spaces and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : Number(parent);
  } catch {
    return null;
  }
}

/** @returns false when it is gone */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/**
 * Sends a signal to all processes below these. They are stopped first: a process that starts others at this
 * moment would otherwise leave some out.
 */
export function signalTree(roots: readonly number[], signal: NodeJS.Signals): void {
  const reached = new Set<number>();
  for (let tries = 0; tries < 10; tries += 1) {
    const next = listTree([...roots, ...reached]).filter((pid) => !reached.has(pid));
    if (next.length === 0) break;
    for (const pid of next) {
      reached.add(pid);
      signalProcess(pid, 'SIGSTOP');
    }
  }
  if (signal === 'SIGSTOP') return;
  for (const pid of reached) signalProcess(pid, signal);
  if (signal !== 'SIGKILL') for (const pid of reached) signalProcess(pid, 'SIGCONT');
}

export async function untilEnded(child: ChildProcess): Promise<void> {
  if (!isEnded(child)) await new Promise<void>((resolve) => child.once('exit', () => resolve()));
}

/** @throws Error with `what` when it is not so after `ms` */
export async function until<T>(
  what: string,
  ms: number,
  read: () => Promise<T | null | false> | T | null | false,
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await read();
    if (found !== null && found !== false) return found;
    if (performance.now() > end) throw new Error(`not within ${Math.round(ms / 1_000)} s: ${what}`);
    await setTimeout(100);
  }
}
