/** The models of security keys that count as attested, and the roots of their makers. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Rules } from '../domain/rules.ts';
import { isSettingPresent } from './values.ts';

export const SECURITY_KEY_ROOTS = 'NOEGLE_SECURITY_KEY_ROOTS_FILE';

/** As features/securityKeySettings.ts takes it. */
export interface SecurityKeyModels {
  readonly models: readonly string[];
  readonly roots: readonly string[];
  readonly refusesOthers: boolean;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Null where no model is listed: then no attestation is asked for. */
export function readSecurityKeyModels(
  env: Readonly<Record<string, string | undefined>>,
  { securityKeys: { models, refusesOthers } }: Rules,
  faults: string[],
): SecurityKeyModels | null {
  const file = env[SECURITY_KEY_ROOTS];
  if (!isSettingPresent(file)) {
    if (models.length > 0) faults.push(`securityKeys.models in the rules needs ${SECURITY_KEY_ROOTS}`);
    if (refusesOthers && models.length === 0)
      faults.push('securityKeys.refusesOthers in the rules needs securityKeys.models: it would refuse all');
    return null;
  }
  const roots = readRoots(file, faults);
  if (models.length === 0) faults.push(`${SECURITY_KEY_ROOTS} needs securityKeys.models in the rules`);
  return { models, roots, refusesOthers };
}

function readRoots(file: string, faults: string[]): string[] {
  try {
    const roots = readFileSync(file, 'utf8').match(CERTIFICATE) ?? [];
    for (const root of roots) void new X509Certificate(root);
    if (roots.length === 0) faults.push(`${SECURITY_KEY_ROOTS}: there is no certificate in ${file}`);
    return [...roots];
  } catch (error) {
    faults.push(`${SECURITY_KEY_ROOTS}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}
