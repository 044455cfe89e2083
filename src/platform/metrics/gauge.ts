/** Metrics that are read when they are scraped. A value that is not known is absent, and never 0. */
import { Counter, Gauge, type Registry } from 'prom-client';

/** The values of a gauge: label values in the order of the label names, and the value. */
export type GaugeValues = readonly (readonly [labels: readonly string[], value: number | null])[];

export interface GaugeOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** Called at each scrape. Must not throw. */
  readonly read: () => GaugeValues;
}

export function addGauge(registry: Registry, { name, help, labelNames = [], read }: GaugeOptions): void {
  const gauge = new Gauge({
    name: `noegle_${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      // A reset gauge without labels is 0.
      if (labelNames.length === 0) this.remove();
      for (const [labels, value] of read()) if (value !== null) this.set(nameLabels(labels), value);
    },
  });
  gauge.reset();

  function nameLabels(values: readonly string[]): Record<string, string> {
    return Object.fromEntries(labelNames.map((label, i) => [label, values[i] ?? '']));
  }
}

/** The value of a gauge without labels. */
export function single(value: number | null): GaugeValues {
  return [[[], value]];
}

export interface ReadCounterOptions {
  readonly name: string;
  readonly help: string;
  /** Called at each scrape: the number since the start of the node. Must not throw. */
  readonly read: () => number;
}

/** A counter whose number another object has. */
export function addReadCounter(registry: Registry, { name, help, read }: ReadCounterOptions): void {
  const counter = new Counter({
    name: `noegle_${name}`,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
  counter.reset();
}
