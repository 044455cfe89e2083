/** The connections of pools: open, not in use, and what waits for one. */
import type { Registry } from 'prom-client';
import { addGauge } from './gauge.ts';

/** The connections of a pool at one moment. */
export interface PoolFigures {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface WatchedPool {
  readonly size: number;
  /** Null while the pool is closed. */
  readonly read: () => PoolFigures | null;
}

export function addPoolGauges(registry: Registry, pools: Readonly<Record<string, WatchedPool>>): void {
  const add = (name: string, help: string, find: (figures: PoolFigures) => number) =>
    addGauge(registry, {
      name: `database_pool_${name}`,
      help,
      labelNames: ['pool'],
      read: () =>
        Object.entries(pools).map(([pool, { read }]) => {
          const figures = read();
          return [[pool], figures && find(figures)];
        }),
    });
  add('connections', 'Open connections of a pool.', ({ total }) => total);
  add('idle', 'Open connections of a pool that are not in use.', ({ idle }) => idle);
  add('waiting', 'Statements that wait for a connection of a pool.', ({ waiting }) => waiting);
  addGauge(registry, {
    name: 'database_pool_size',
    help: 'The most connections that a pool opens.',
    labelNames: ['pool'],
    read: () => Object.entries(pools).map(([pool, { size }]) => [[pool], size]),
  });
}
