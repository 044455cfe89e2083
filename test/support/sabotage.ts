/**
 * Takes a guard out of the code, to show that the test of it bites: the statements of a suite's own nodes are
 * changed on their way to the database.
 */
import type { Queryable, Statement } from '../../src/store/database.ts';
import type { Nodes } from './nodes.ts';

/** @returns the repair. @throws when no statement contained the guard: the control would prove nothing. */
export function takeOut(nodes: Nodes, guard: string, instead = ''): () => void {
  let hits = 0;
  const repairs = nodes.list.map(({ app }) => {
    const database = app.world.database as { query: Queryable['query'] };
    const original = database.query;
    database.query = ((statement: Statement, values?: readonly unknown[]) => {
      if (!statement.text.includes(guard)) return original.call(app.world.database, statement, values);
      hits += 1;
      const text = statement.text.replaceAll(guard, instead);
      return original.call(app.world.database, { name: `sabotaged ${statement.name}`, text }, values);
    }) as Queryable['query'];
    return () => {
      database.query = original;
    };
  });
  return () => {
    for (const repair of repairs) repair();
    if (hits === 0) throw new Error(`nothing was taken out: no statement has ${guard}`);
  };
}
