/**
 * Run by leftovers.ts. Arguments: the name and the value that identify a process of the run, then folders.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const [name, value, ...folders] = process.argv.slice(2);
const mark = `${name}=${value}`;
const ROUNDS = 50;

function findMarked() {
  try {
    return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isMarked(pid));
  } catch {
    return [];
  }
}

function isMarked(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark);
  } catch {
    return false;
  }
}

/** PostgreSQL is asked first, so that it releases its shared memory. */
function end(pid, isAsked) {
  try {
    const isPostgres = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0].endsWith('/postgres');
    process.kill(Number(pid), isPostgres && isAsked ? 'SIGQUIT' : 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

process.stdin.resume();
process.stdin.once('end', () => void cleanUp());
process.stdin.once('error', () => void cleanUp());

/** Several times: a process that is ended may just have started another. */
async function cleanUp() {
  for (let round = 0, left = findMarked(); left.length > 0 && round < ROUNDS; round += 1) {
    for (const pid of left) end(pid, round < ROUNDS / 2);
    await setTimeout(50);
    left = findMarked();
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
