/**
 * In watch mode a compiler runs in parallel with jest and stamps a file after each build (dev/watchTests.ts).
 * A story that runs `dist` waits until the stamp is newer than every source.
 */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

export const STAMP_VARIABLE = 'NOEGLE_TEST_BUILD_STAMP';

/** A save that changes nothing is not built: then there is nothing to wait for. */
const AT_MOST_MS = 3_000;

export async function waitForBuild(): Promise<void> {
  const stamp = process.env[STAMP_VARIABLE];
  if (!stamp) return;
  const files = await readdir('src', { recursive: true });
  const times = await Promise.all(
    files.filter((file) => /\.tsx?$/.test(file)).map((file) => modifiedAt(path.join('src', file))),
  );
  const saved = Math.max(...times);
  const until = performance.now() + AT_MOST_MS;
  while ((await modifiedAt(stamp)) < saved && performance.now() < until) await setTimeout(30);
}

async function modifiedAt(file: string): Promise<number> {
  return await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
