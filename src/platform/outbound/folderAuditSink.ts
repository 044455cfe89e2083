/**
 * The audit sink in a folder, best on another machine or an append-only volume. An object is written beside
 * its place and flushed to the disk before it gets its name, so that a power failure leaves it whole or not
 * at all.
 */
import { link, mkdir, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { assertObjectName, AuditSinkUnavailable, type AuditSink } from './auditSink.ts';

export function openFolderAuditSink(folder: string): AuditSink {
  const place = (name: string): string => {
    assertObjectName(name);
    return path.join(folder, name);
  };

  /** Writes the content beside its place. `give` gives it its name. */
  const write = async (
    name: string,
    content: Buffer,
    give: (draft: string, file: string) => Promise<void>,
  ) => {
    const file = place(name);
    // The folder itself is the operator's: a disk that is not mounted must not be taken for an empty sink.
    const drafts = await mkdtemp(path.join(folder, '.draft-'));
    const draft = path.join(drafts, 'object');
    try {
      await makeFolders(folder, path.dirname(name));
      const handle = await open(draft, 'wx', 0o600);
      try {
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await give(draft, file);
      await syncFolder(path.dirname(file));
    } finally {
      await rm(drafts, { recursive: true, force: true });
    }
  };

  return {
    name: folder,
    read: async (name) => {
      try {
        return await readFile(place(name));
      } catch (error) {
        if (isCode(error, 'ENOENT') && (await folderExists(folder))) return null;
        throw explain(folder, error);
      }
    },
    create: async (name, content) => {
      try {
        await write(name, content, link);
        return true;
      } catch (error) {
        if (isCode(error, 'EEXIST')) return false;
        throw explain(folder, error);
      }
    },
    replace: async (name, content) => {
      try {
        await write(name, content, rename);
      } catch (error) {
        throw explain(folder, error);
      }
    },
  };
}

async function makeFolders(folder: string, below: string): Promise<void> {
  if (below === '.') return;
  await syncFolder(folder);
  await mkdir(path.join(folder, below), { recursive: true, mode: 0o700 });
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function folderExists(folder: string): Promise<boolean> {
  return await open(folder, 'r').then(
    async (handle) => {
      await handle.close();
      return true;
    },
    () => false,
  );
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

function explain(folder: string, error: unknown): AuditSinkUnavailable {
  const { code, message } = error as NodeJS.ErrnoException;
  return new AuditSinkUnavailable(`${folder}: ${code ?? message}`, { cause: error });
}
