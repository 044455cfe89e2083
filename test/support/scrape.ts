/** Scrapes a node as Prometheus does, and reads the operator's files that name metrics. */
import { readFileSync } from 'node:fs';
import { freePort } from './ports.ts';
import type { Node } from './nodes.ts';

const SCRAPE_MS = 10_000;

/** One line of a scrape: a series and its value. */
export interface Sample {
  readonly name: string;
  /** As it stands in the exposition: `name{label="value"}`. */
  readonly series: string;
  readonly value: number;
}

export class ScrapedNode {
  readonly #port: number;
  readonly #stop: () => Promise<void>;

  private constructor(port: number, stop: () => Promise<void>) {
    this.#port = port;
    this.#stop = stop;
  }

  /** Serves the metrics of a node of the suite. */
  static async of({ app }: Node): Promise<ScrapedNode> {
    const port = await freePort();
    const listener = await app.metrics.listen({ host: '127.0.0.1', port }, app.log);
    return new ScrapedNode(port, async () => await listener.drain());
  }

  /** A node in another process. */
  static at(port: number): ScrapedNode {
    return new ScrapedNode(port, async () => undefined);
  }

  async request(method = 'GET', path = '/metrics'): Promise<Response> {
    const signal = AbortSignal.timeout(SCRAPE_MS);
    return await fetch(`http://127.0.0.1:${this.#port}${path}`, { method, signal });
  }

  async readText(): Promise<string> {
    const answer = await this.request();
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`a scrape was answered with ${answer.status}: ${text}`);
    return text;
  }

  async read(): Promise<Sample[]> {
    return parseSamples(await this.readText());
  }

  /** The sum of the series whose line begins like this; null where there is none. */
  async sum(name: string, ...labels: readonly string[]): Promise<number | null> {
    const found = (await this.read()).filter(
      (one) => one.name === name && labels.every((label) => one.series.includes(label)),
    );
    return found.length === 0 ? null : found.reduce((sum, { value }) => sum + value, 0);
  }

  async stop(): Promise<void> {
    await this.#stop();
  }
}

export function parseSamples(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const at = line.lastIndexOf(' ');
      const series = line.slice(0, at);
      return { name: series.replace(/\{.*/, ''), series, value: Number(line.slice(at + 1)) };
    });
}

export const ALERTS_FILE = 'examples/operations/alerts.yml';
export const DASHBOARD_FILE = 'examples/operations/dashboard.json';

export interface AlertRule {
  readonly name: string;
  readonly text: string;
  readonly runbook: string | undefined;
}

export function readAlertRules(): AlertRule[] {
  const [, ...rules] = readFileSync(ALERTS_FILE, 'utf8').split('- alert: ');
  return rules.map((text) => ({
    name: text.split('\n', 1)[0] ?? '',
    text,
    runbook: /runbook: (\S+)/.exec(text)?.[1],
  }));
}

/** The metrics that expressions name. */
export function listMetricNames(text: string): string[] {
  return [...new Set(text.match(/\b(noegle|nodejs|process)_[a-z0-9_]+/g))];
}
