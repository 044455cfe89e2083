/** The command `migrate --plan`: which migrations would run, and which nodes may run beside them. */
import { planMigrations, type MigrationPlan, type PlannedMigration } from '../../db/migrationPlan.ts';
import type { CommandOutcome } from '../keys.ts';

export async function showMigrationPlan(databaseUrl: string): Promise<CommandOutcome> {
  const plan = await planMigrations(databaseUrl);
  return { text: describePlan(plan), json: { ...plan, nodes: describeNodes(plan.pending) } };
}

function describePlan({ pending, unknown }: MigrationPlan): string {
  const ahead = unknown.length > 0 ? [`A newer version has run ${unknown.join(', ')}.`] : [];
  if (pending.length === 0) return [...ahead, 'nothing to do'].join('\n');
  return [...ahead, ...pending.map(describeMigration), describeNodes(pending)].join('\n');
}

function describeMigration({ name, kind, reasons, since, locks }: PlannedMigration): string {
  const head =
    kind === 'expand' ? `${name}: expands` : `${name}: contracts${since ? `, since ${since}` : ''}`;
  const lines = locks.map(({ table, mode, blocks, rows }) => {
    const size = rows === null ? '' : `, about ${Math.round(rows)} rows`;
    return `  locks ${table}: ${mode} (${blocks}${size})`;
  });
  return [head, ...reasons.map((reason) => `  ${reason}`), ...lines].join('\n');
}

function describeNodes(pending: readonly PlannedMigration[]): string {
  const contracting = pending.filter(({ kind }) => kind === 'contract');
  if (contracting.length === 0)
    return 'Nodes of the version that runs now may run beside all of it: migrate first, then replace them.';
  const versions = contracting.map(
    ({ name, since }) => `${name}: ${since ? `nodes from ${since} on` : 'none before this version'}`,
  );
  return `Which nodes may run beside it (stop the others before you migrate): ${versions.join('; ')}.`;
}
