/** What `doctor` finds: one line for each thing that was checked, with what mends it. */

/** `warning`: Nøgle runs, but an operator should know. `fault`: something does not work, or is not safe. */
export type Severity = 'ok' | 'warning' | 'fault';

export interface Finding {
  /** What was checked, as a fixed word for programs. */
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  /** What an operator does about it; null when all is well. */
  readonly mend: string | null;
}

export const EXIT_CODES: Readonly<Record<Severity, number>> = { ok: 0, fault: 1, warning: 2 };

export function passed(name: string, message: string): Finding {
  return { name, severity: 'ok', message, mend: null };
}

export function warning(name: string, message: string, mend: string): Finding {
  return { name, severity: 'warning', message, mend };
}

export function fault(name: string, message: string, mend: string): Finding {
  return { name, severity: 'fault', message, mend };
}

/** The worst of all. */
export function worstSeverity(findings: readonly Finding[]): Severity {
  if (findings.some(({ severity }) => severity === 'fault')) return 'fault';
  return findings.some(({ severity }) => severity === 'warning') ? 'warning' : 'ok';
}

export function describeFinding({ name, severity, message, mend }: Finding): string {
  const line = `${severity.padEnd(8)}${name}: ${message}`;
  return mend === null ? line : `${line}\n        ${mend}`;
}

/** A check that throws is a finding: the others still run. */
export async function runCheck(
  name: string,
  check: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [warning(name, `could not be checked: ${message}`, 'mend what it says, and run doctor again')];
  }
}
