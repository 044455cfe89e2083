/**
 * A folder that keeps one set of files per id, whoever hands it over, how often and with what date, and whatever is
 * killed meanwhile. What becomes of the last files in a power cut is not guarded: these folders are the sandbox's.
 *
 * The one decision is a rename. All files of an id are written into a draft of their own below `.staging`, and the
 * draft becomes `.accepted/<id>`; a directory that is not empty is never replaced, so the rename of every later
 * draft fails. (The road left: a record that holds only the name, from which each caller writes its own files. Two
 * callers could then make a pair of one's JSON and the other's PDF.) The visible files are hard links into the
 * accepted directory: complete from the moment that they are seen, and made again as often as one likes.
 */
import { access, link, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** An id is a part of file names: nothing that leads out of the folder or hides in it. */
const PLAIN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** `mkdtemp` adds six letters, so that no two drafts meet: not those of one process id in two containers either. */
const DRAFT_SUFFIX = /\.[A-Za-z0-9]{6}$/;

/** File name -> content. A `.json` is linked last: whoever waits for it finds the others beside it. */
export type FileContents = Readonly<Record<string, string | Buffer>>;

/** Keeps the files if nothing is kept under this id yet; else those of the first stay as they are. */
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
    // Another was first: the rename failed, or the draft was swept away while it was written.
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

/** Drafts of an id that is decided are worth nothing: those of a kill, and those still being written. */
async function deleteDrafts(staging: string, id: string): Promise<void> {
  const drafts = (await readdir(staging)).filter((name) => name.replace(DRAFT_SUFFIX, '') === id);
  for (const name of drafts) {
    // Tried again when its writer puts a last file into it meanwhile.
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
