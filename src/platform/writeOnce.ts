/**
 * A folder that stores one set of files for each id, regardless of who delivers it, how often and with what
 * date, and of processes that are killed in between. It does not protect the last files against a power
 * failure: these folders are used by the sandbox.
 *
 * The one deciding step is a rename. All files of an id are written into a separate draft below `.staging`,
 * and the draft becomes `.accepted/<id>`; a directory that is not empty is never replaced, so the rename of
 * every later draft fails. (Tried before: a record with only the name, from which each caller writes its own
 * files. Two callers could then combine the JSON of one with the PDF of the other.) The visible files are
 * hard links into the accepted directory: complete from the moment that they are visible, and they can be
 * created again any number of times.
 */
import { access, link, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** An id is a part of file names: it must not leave the folder or hide in it. */
const PLAIN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * `mkdtemp` adds six characters, so that no two drafts collide, not even those of equal process ids in two
 * containers.
 */
const DRAFT_SUFFIX = /\.[A-Za-z0-9]{6}$/;

/** File name -> content. A `.json` is linked last: a reader that waits for it finds the others next to it. */
export type FileContents = Readonly<Record<string, string | Buffer>>;

/** Stores the files unless this id is already stored; then the existing ones stay unchanged. */
export async function writeOnce(folder: string, id: string, files: FileContents): Promise<void> {
  if (!PLAIN_ID.test(id)) throw new Error('an id of letters, digits, dots and hyphens is needed');
  const accepted = path.join(folder, '.accepted', id);
  const staging = path.join(folder, '.staging');
  for (const one of [folder, path.dirname(accepted), staging]) {
    await mkdir(one, { recursive: true, mode: 0o700 });
  }
  if (!(await fileExists(accepted))) await commitFiles(accepted, path.join(staging, `${id}.`), files);
  for (const name of (await readdir(accepted)).toSorted(compareJsonLast)) {
    await linkOnce(path.join(accepted, name), path.join(folder, name));
  }
  await deleteDrafts(staging, id);
}

async function commitFiles(accepted: string, draftPrefix: string, files: FileContents): Promise<void> {
  try {
    const draft = await mkdtemp(draftPrefix);
    for (const [name, content] of Object.entries(files)) {
      await writeFile(path.join(draft, name), content, { mode: 0o600, flag: 'wx' });
    }
    await rename(draft, accepted);
  } catch (error) {
    // A concurrent caller won: the rename failed, or the draft was deleted while it was written.
    if (!(await fileExists(accepted))) throw error;
  }
}

async function linkOnce(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Deletes the drafts of an id that is stored: those of killed processes, and those still being written. */
async function deleteDrafts(staging: string, id: string): Promise<void> {
  const drafts = (await readdir(staging)).filter((name) => name.replace(DRAFT_SUFFIX, '') === id);
  for (const name of drafts) {
    // Retried when its writer concurrently adds a file to it.
    await rm(path.join(staging, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 10 });
  }
}

function compareJsonLast(one: string, other: string): number {
  return Number(one.endsWith('.json')) - Number(other.endsWith('.json'));
}

async function fileExists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
