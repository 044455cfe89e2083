/** Reads files that an operator names, and says in their words why one cannot be read. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** In words for an operator; repeats nothing of the content. */
export class OperatorFileError extends Error {}

/** @throws OperatorFileError */
export function readOperatorFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new OperatorFileError(explainReadError(error, file), { cause: error });
  }
}

/** @throws OperatorFileError also for what is no JSON */
export function readOperatorJson(file: string): unknown {
  const text = readOperatorFile(file);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes what it read.
    throw new OperatorFileError(`${file} cannot be read as JSON`);
  }
}

/** For a file that is read piece by piece. @throws OperatorFileError */
export function assertReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new OperatorFileError(explainReadError(error, file), { cause: error });
  }
}

export function explainReadError(error: unknown, file: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${file} is not there`;
  if (code === 'EISDIR') return `${file} is a folder`;
  if (code !== 'EACCES' && code !== 'EPERM') return `${file} cannot be read: ${message}`;
  return (
    `${file} cannot be read (${code}): ${readAccount()}, the account that runs this command, must be able to ` +
    'read the file and enter its folders'
  );
}

/** A user id without an account has no name. */
function readAccount(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`;
  }
}
