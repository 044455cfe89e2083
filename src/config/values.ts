/** Settings that are numbers, times and lists. Faults are appended to `faults`. */
import { isIP } from 'node:net';
import { z } from 'zod';

type Environment = Readonly<Record<string, string | undefined>>;

export function isSettingPresent(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

export function readNumber(
  env: Environment,
  name: string,
  { fallback, from, to }: { fallback: number; from: number; to: number },
  faults: string[],
): number {
  const text = env[name];
  if (!isSettingPresent(text)) return fallback;
  const number = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= from && number <= to)) faults.push(`${name} must be a number from ${from} to ${to}`);
  return number;
}

export function readInstant(text: string | undefined, faults: string[]): Date | null {
  if (!isSettingPresent(text)) return null;
  if (!z.iso.datetime({ offset: true }).safeParse(text).success) {
    faults.push('NOEGLE_NOW must be an ISO instant such as 2026-12-24T09:00:00Z');
    return null;
  }
  return new Date(text);
}

export function readOrigins(text: string | undefined, faults: string[]): string[] {
  const origins = (text ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  for (const origin of origins) {
    if (URL.parse(origin)?.origin !== origin) {
      faults.push(`NOEGLE_PRIVATE_ORIGINS: ${origin} is no origin such as https://netbank.intra:8443`);
    }
  }
  return origins;
}

/** Everywhere, unless it is set. A name of this machine, or an address; IPv6 without brackets. */
export function readHost(text: string | undefined, faults: string[]): string {
  if (!isSettingPresent(text)) return '0.0.0.0';
  if (isIP(text) === 0 && !/^[A-Za-z0-9._-]+$/.test(text))
    faults.push('NOEGLE_HOST must be an address or a name of this machine, without a port: that is PORT');
  return text;
}
