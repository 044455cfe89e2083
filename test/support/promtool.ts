/**
 * Prometheus's own tool evaluates the alert rules over series that a test has. It is Debian's package
 * `prometheus`; where it is missing, these tests are skipped, with a line that says so.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { test } from '@jest/globals';
import { ALERTS_FILE } from './scrape.ts';

const run = promisify(execFile);
const TOOL_MS = 60_000;

const isInstalled = spawnSync('promtool', ['--version'], { timeout: TOOL_MS }).status === 0;
if (!isInstalled) console.info('skipped: promtool is not installed (Debian: apt-get install prometheus)');

/** A test that needs promtool. */
export const promtoolTest = isInstalled ? test : test.skip;

/** @returns what it wrote. @throws Error with what it wrote, when it fails */
export async function runPromtool(args: readonly string[], input?: string): Promise<string> {
  const child = run('promtool', [...args], { timeout: TOOL_MS, maxBuffer: 64 * 1024 * 1024 });
  if (input !== undefined) child.child.stdin?.end(input);
  try {
    const { stdout, stderr } = await child;
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool ${args.join(' ')}: ${stdout}${stderr}`, { cause: error });
  }
}

/** Series as promtool's tests have them, and which alerts fire at a time. */
export interface AlertCase {
  readonly intervalSeconds: number;
  /** Values at one interval; `_` where there was none. */
  readonly series: Readonly<Record<string, string>>;
  readonly atSeconds: number;
  readonly firing: readonly string[];
  readonly silent: readonly string[];
}

/** @throws Error with what promtool says, when an alert fires that should not, or one does not that should */
export async function expectAlerts(cases: readonly AlertCase[]): Promise<void> {
  const folder = mkdtempSync(path.resolve('.tmp/alerts-'));
  const file = path.join(folder, 'alerts.test.yml');
  const expectOf = (alert: string, atSeconds: number, isFiring: boolean) => ({
    expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) > bool 0`,
    eval_time: `${atSeconds}s`,
    exp_samples: isFiring ? [{ labels: '{}', value: 1 }] : [],
  });
  const document = {
    rule_files: [path.resolve(ALERTS_FILE)],
    evaluation_interval: `${Math.min(60, ...cases.map(({ intervalSeconds }) => intervalSeconds))}s`,
    tests: cases.map(({ intervalSeconds, series, atSeconds, firing, silent }) => ({
      interval: `${intervalSeconds}s`,
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: [
        ...firing.map((alert) => expectOf(alert, atSeconds, true)),
        ...silent.map((alert) => expectOf(alert, atSeconds, false)),
      ],
    })),
  };
  try {
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(document));
    await runPromtool(['test', 'rules', file]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
