/** This machine: disk, time zones, and the folder of breached passwords. */
import { createHash } from 'node:crypto';
import { readdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { toDanishHour } from '../../domain/calendar.ts';
import type { Rules } from '../../domain/rules.ts';
import { fault, passed, warning, type Finding } from './finding.ts';

const FEW_MEGABYTES = 1_024;
const TOO_FEW_MEGABYTES = 100;
/** The whole set: every prefix of five hex digits. */
const ALL_RANGES = 16 ** 5;

/** @param folder of a log on disk, or of the sandbox's data */
export async function checkDisk(folder: string): Promise<Finding> {
  const name = 'disk';
  const { bavail, bsize } = await statfs(folder);
  const megabytes = Math.floor((bavail * bsize) / 1_048_576);
  const message = `${megabytes} MB are free at ${path.resolve(folder)}`;
  const mend = 'make room: a log that cannot be written is lost';
  if (megabytes < TOO_FEW_MEGABYTES) return fault(name, message, mend);
  return megabytes < FEW_MEGABYTES ? warning(name, message, mend) : passed(name, message);
}

/** The rules count days as they are in Denmark, which has summer time. */
export function checkTimeZones(): Finding {
  const name = 'time-zones';
  const hourIn = (iso: string) => toDanishHour(new Date(iso));
  const isRight = hourIn('2026-01-15T12:00:00Z') === '13' && hourIn('2026-07-15T12:00:00Z') === '14';
  if (isRight) return passed(name, 'Europe/Copenhagen is known, with its summer time');
  return fault(name, 'Node does not know Europe/Copenhagen', 'use a build of Node with full ICU data');
}

/** Rules have to be the same on every node; only those of this one are known here. */
export function describeRules(rules: Rules): Finding {
  const digest = createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 12);
  return passed('rules', `in effect here: ${digest}; the same has to stand on every node`);
}

/** @param folder null when none was loaded */
export async function checkBreachedPasswords(folder: string | null): Promise<Finding> {
  const name = 'breached-passwords';
  const mend = 'load the ranges (docs/how-to/running.md, "Breached passwords")';
  if (folder === null) return warning(name, 'no set of breached passwords is loaded', mend);
  const files = (await readdir(folder)).filter((file) => /^[0-9A-F]{5}\.txt$/.test(file)).length;
  if (files === 0) return fault(name, `${folder} has no ranges`, mend);
  if (files < ALL_RANGES) return warning(name, `${files} of ${ALL_RANGES} ranges are loaded`, mend);
  return passed(name, `all ${files} ranges are loaded`);
}
