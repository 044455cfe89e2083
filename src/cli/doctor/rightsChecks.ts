/** What the role of DATABASE_URL may do: enough for a node, and not more than it needs. */
import type { Inspector } from '../../db/operations/inspection.ts';
import { listTableRights, readQueueRights, type TableRights } from '../../db/operations/rights.ts';
import { readExcessRights } from '../../db/roles/excessRights.ts';
import { fault, passed, warning, type Finding } from './finding.ts';

/** Rows of this table are only appended. */
const AUDIT_LOG = 'audit_events';

/** @param options.runsQueue false when the worker connects as another role, which `checkQueue` looks at */
export async function checkRights(inspector: Inspector, options = { runsQueue: true }): Promise<Finding[]> {
  const tables = await listTableRights(inspector);
  return [
    await checkRole(inspector),
    checkTables(tables),
    checkAuditLog(tables),
    ...(options.runsQueue ? [await checkQueue(inspector)] : []),
  ];
}

/** By what also refuses a start in production. */
export async function checkRole(inspector: Inspector, name = 'role'): Promise<Finding> {
  const { account, rights } = await readExcessRights(inspector);
  if (rights.length === 0) return passed(name, `${account} may do no more than it needs`);
  const mend = 'run nodes with roles that "node dist/cli.js database make" creates (docs/how-to/running.md)';
  return warning(name, `${account} ${rights.join(', ')}: a node needs no such right`, mend);
}

function checkTables(tables: readonly TableRights[]): Finding {
  const name = 'table-rights';
  if (tables.length === 0) return fault(name, 'there are no tables', 'node dist/cli.js migrate');
  const missing = tables.flatMap((table) => {
    const { canSelect, canInsert, canUpdate, canDelete } = table;
    const needed =
      table.name === AUDIT_LOG ? canSelect && canInsert : canSelect && canInsert && canUpdate && canDelete;
    return needed ? [] : [table.name];
  });
  if (missing.length === 0) return passed(name, `it may read and write all ${tables.length} tables`);
  return fault(
    name,
    `the role may not read and write ${missing.join(', ')}`,
    'grant SELECT, INSERT, UPDATE and DELETE on them (on audit_events only SELECT and INSERT)',
  );
}

function checkAuditLog(tables: readonly TableRights[]): Finding {
  const name = 'audit-log';
  const log = tables.find((table) => table.name === AUDIT_LOG);
  const may = [
    ...(log?.canUpdate ? ['UPDATE'] : []),
    ...(log?.canDelete ? ['DELETE'] : []),
    ...(log?.canTruncate ? ['TRUNCATE'] : []),
  ];
  if (may.length === 0) return passed(name, 'the role may only read it and append to it');
  return warning(
    name,
    `the role has ${may.join(', ')} on the audit log`,
    'let nodes run with a role that has SELECT and INSERT there only',
  );
}

/** Whether the role of this connection may run the job queue. */
export async function checkQueue(inspector: Inspector): Promise<Finding> {
  const name = 'job-queue';
  const { isThere, canUse, isAdmitted, missing } = await readQueueRights(inspector);
  if (!isThere)
    return fault(
      name,
      'there is no job queue in the database',
      'node dist/cli.js migrate makes the schema graphile_worker',
    );
  if (!canUse || missing.length > 0)
    return fault(
      name,
      `the role may not write ${missing.length > 0 ? missing.join(', ') : 'in the schema graphile_worker'}: no letter, notice or log-out would leave`,
      'grant USAGE on the schema graphile_worker, and SELECT, INSERT, UPDATE and DELETE on its tables',
    );
  if (!isAdmitted)
    return fault(
      name,
      'row security of the job queue excludes the role: no letter, notice or log-out would leave',
      'give the worker a role that the policies on graphile_worker admit (docs/how-to/running.md)',
    );
  return passed(name, 'the role may run it');
}
