/** Writes files with secrets: new ones never over one that is there, and changed ones whole or not at all. */
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

export interface MadeFile {
  readonly file: string;
  readonly text: string;
  /** Readable for others too: it is no secret. */
  readonly isPublic?: boolean;
}

/**
 * Writes all files or none, with the folders that are missing. A folder that was made may stay.
 * @param why why a file is not overwritten, and what to do
 * @throws Error in words for an operator
 */
export function writeNewFiles(files: readonly MadeFile[], why: string): void {
  const taken = files.find(({ file }) => existsSync(file));
  if (taken) throw new Error(`${taken.file} is there already: ${why}`);
  const written: string[] = [];
  for (const { file, text, isPublic = false } of files) {
    const folder = path.dirname(path.resolve(file));
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(file, text, { mode: isPublic ? 0o644 : 0o600, flag: 'wx' });
      written.push(file);
    } catch (error) {
      // One that was begun when the disk was full is ours too. One that came in between is not.
      const begun = (error as NodeJS.ErrnoException).code === 'ENOSPC' ? [file] : [];
      for (const made of [...written, ...begun]) rmSync(made, { force: true });
      throw new Error(explainWriteError(error as NodeJS.ErrnoException, file, folder), { cause: error });
    }
  }
}

/**
 * Replaces a file whole or not at all: 0600, with the owner that it has. A link stays, and leads to it.
 * @throws Error in words for an operator
 */
export function replaceSecretFile(file: string, text: string): void {
  let [target, written, isOurs] = [file, `${file}.new`, false];
  try {
    target = realpathSync(file);
    written = `${target}.new`;
    const { uid, gid } = statSync(target);
    const descriptor = openSync(written, 'wx', 0o600);
    isOurs = true;
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (statSync(written).uid !== uid || statSync(written).gid !== gid) chownSync(written, uid, gid);
    renameSync(written, target);
  } catch (error) {
    if (isOurs) rmSync(written, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new Error(
        `${written} is there already: another command writes it, or one was killed. Remove it`,
        {
          cause: error,
        },
      );
    }
    throw new Error(
      explainWriteError(error as NodeJS.ErrnoException, file, path.dirname(path.resolve(target))),
      {
        cause: error,
      },
    );
  }
}

export function explainWriteError(error: NodeJS.ErrnoException, file: string, folder: string): string {
  if (error.code !== 'EACCES' && error.code !== 'EPERM') return `${file} was not written: ${error.message}`;
  const denied = `${file} was not written: this account may not write to ${folder} (${error.code}). `;
  // The folder is another account's: its owner and its mode are not changed for one file.
  return isMissing(folder)
    ? `${denied}Make the folder for it: sudo install -d -m 700 -o "$USER" ${folder}`
    : `${denied}Name a file in a folder of this account`;
}

/** False for a folder that cannot be looked into. */
function isMissing(folder: string): boolean {
  try {
    statSync(folder);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
