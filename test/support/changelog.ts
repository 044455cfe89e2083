/**
 * CHANGELOG.md as a program reads it: its versions, and the commit of the version that this one is upgraded
 * from.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ChangelogVersion {
  /** `0.2.0`, or `Unreleased`. */
  readonly name: string;
  /** ISO date; null for what is not released. */
  readonly date: string | null;
  readonly text: string;
}

/** A released version that this one replaces. */
export interface FormerRelease {
  readonly version: string;
  readonly commit: string;
}

/** The newest first, as on the page. */
export function readChangelog(text = readFileSync('CHANGELOG.md', 'utf8')): ChangelogVersion[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [head = ''] = section.split('\n');
      const [name = '', date = null] = head.split(' - ');
      return { name, date, text: section.slice(head.length) };
    });
}

const UPGRADE_FROM = /^Upgrade from: (\d+\.\d+\.\d+), commit `([0-9a-f]{40})`$/m;

/** The version that a section says it is upgraded from; null for the first one. */
export function findFormerRelease({ text }: ChangelogVersion): FormerRelease | null {
  const [, version, commit] = UPGRADE_FROM.exec(text) ?? [];
  return version === undefined || commit === undefined ? null : { version, commit };
}

/** Of the newest section. @throws when it does not say which */
export function getFormerRelease(): FormerRelease {
  const [newest] = readChangelog();
  const former = newest && findFormerRelease(newest);
  if (!former) throw new Error('the newest section of CHANGELOG.md has no line "Upgrade from: …"');
  return former;
}

/** @returns null when git fails: it is not installed, or this is no clone, or the commit is not in it */
export function runGit(args: readonly string[]): string | null {
  const { status, stdout } = spawnSync('git', args, {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    timeout: 30_000,
  });
  return status === 0 ? stdout : null;
}

/** A shallow clone has this commit only, and an archive has none. */
export function hasCommit(commit: string): boolean {
  return runGit(['cat-file', '-e', `${commit}^{commit}`]) !== null;
}

/** @param commit null for the files as they are now */
export function listSettingsAt(commit: string | null): string[] {
  const [where, at] = commit === null ? [['--untracked'], []] : [[], [commit]];
  const found = runGit(['grep', ...where, '-hoE', "'NOEGLE_[A-Z_]+'", ...at, '--', 'src/config']) ?? '';
  return [...new Set(found.replaceAll("'", '').trim().split('\n'))].sort();
}

export function listMigrationsAt(commit: string): string[] {
  const found = runGit(['ls-tree', '--name-only', commit, 'migrations/']) ?? '';
  return found.split('\n').flatMap((line) => /\d{4}_\w+\.sql$/.exec(line)?.[0] ?? []);
}
