/**
 * Where a run keeps what is many, small and soon gone: its database and the data of sandboxes. In memory, if
 * the system has such a folder with room: to clone the migrated database makes some 400 files, which takes
 * ten times as long on some disks. The run removes it all at its end.
 */
import { mkdtempSync, statfsSync } from 'node:fs';
import path from 'node:path';

const IN_MEMORY = '/dev/shm';
/** `f_type` of tmpfs, see statfs(2). */
const TMPFS = 0x01_02_19_94;
/** A container often has 64 MB there. */
const ROOM_BYTES = 4 * 1024 ** 3;
const VARIABLE = 'NOEGLE_TEST_SCRATCH';

/** The folder that all others of the run are made in. */
export function prepareScratch(): string {
  const folder = mkdtempSync(path.join(hasRoom() ? IN_MEMORY : path.resolve('.tmp'), 'noegle-run-'));
  process.env[VARIABLE] = folder;
  return folder;
}

/** An empty folder of its own. Scripts in it do not find the packages of this project. */
export function makeScratchFolder(name: string): string {
  return mkdtempSync(path.join(process.env[VARIABLE] ?? path.resolve('.tmp'), `${name}-`));
}

function hasRoom(): boolean {
  try {
    const { type, bavail, bsize } = statfsSync(IN_MEMORY);
    return type === TMPFS && bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}
