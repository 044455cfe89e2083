/**
 * Reads what processes cost as Linux counts it: processor time and resident memory. The process itself is not
 * asked.
 */
import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds of one tick in /proc; a hundred a second wherever Linux runs today (`getconf CLK_TCK`). */
const TICK_MS = 10;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Processor time of the process itself. */
  readonly ms: number;
  /** Processor time of its children that ended and were waited for. */
  readonly endedMs: number;
}

/** Fields are numbered as in proc(5), counted after the name, which may contain anything. */
function parseStat(pid: number, text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (field: number) => Number(fields[field - 3] ?? 0);
  return {
    pid,
    parent: number(4),
    ms: (number(14) + number(15)) * TICK_MS,
    endedMs: (number(16) + number(17)) * TICK_MS,
  };
}

/** @returns null for a process that has just ended */
async function readProcFile(file: string): Promise<string | null> {
  return await readFile(file, 'utf8').catch(() => null);
}

async function allStats(): Promise<ProcessStat[]> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name)).map(Number);
  const stats = await Promise.all(
    pids.map(async (pid) => {
      const text = await readProcFile(`/proc/${pid}/stat`);
      return text === null ? [] : [parseStat(pid, text)];
    }),
  );
  return stats.flat();
}

/** @returns processor time in milliseconds of a process and its descendants, ended ones included */
export async function cpuOfTree(root: number): Promise<number> {
  const stats = await allStats();
  const isBelow = (stat: ProcessStat): boolean => {
    if (stat.pid === root) return true;
    const parent = stats.find(({ pid }) => pid === stat.parent);
    return parent !== undefined && isBelow(parent);
  };
  return stats.filter(isBelow).reduce((sum, { ms, endedMs }) => sum + ms + endedMs, 0);
}

/** @returns processor time in milliseconds of the threads of a process that have this name */
export async function cpuOfThreads(pid: number, name: string): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const times = await Promise.all(
    tasks.map(async (task) => {
      const text = await readProcFile(`/proc/${pid}/task/${task}/stat`);
      return text?.includes(`(${name})`) ? parseStat(Number(task), text).ms : 0;
    }),
  );
  return times.reduce((sum, ms) => sum + ms, 0);
}

/** @returns resident memory in megabytes */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = (await readProcFile(`/proc/${pid}/status`)) ?? '';
  return Number(/^VmRSS:\s+([0-9]+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
