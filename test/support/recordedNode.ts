/**
 * Scrapes of a real node over time, as series for promtool. Time is stretched: what is scraped every second
 * may count as every minute, so that an alert with `for: 5m` is seen in seconds. Ages that grow with time are
 * stretched by the same factor.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { expectAlerts } from './promtool.ts';
import { parseSamples, readAlertRules, type ScrapedNode } from './scrape.ts';

const GROWS_WITH_TIME = /^noegle_(task_age|worker_silent|outbox_overdue|outbox_oldest)_seconds$/;
/** What rules name; the rest of the process metrics would only make the file long. */
const RECORDED = /^(noegle_|nodejs_eventloop_lag)/;

export interface RecordingOptions {
  readonly everyMs: number;
  /** What one interval counts as. */
  readonly asSeconds: number;
}

export class RecordedNode {
  readonly #scraped: ScrapedNode;
  readonly #options: RecordingOptions;
  readonly #series = new Map<string, string[]>();
  #scrapes = 0;

  constructor(scraped: ScrapedNode, options: RecordingOptions) {
    this.#scraped = scraped;
    this.#options = options;
  }

  get #stretch(): number {
    return this.#options.asSeconds / (this.#options.everyMs / 1_000);
  }

  /** One scrape. A node that does not answer is `up` 0, as Prometheus has it. */
  async scrape(): Promise<void> {
    const text = await this.#scraped.readText().catch(() => null);
    this.#add('up', 'up', text === null ? 0 : 1);
    for (const { name, series, value } of text === null ? [] : parseSamples(text)) {
      if (!RECORDED.test(name)) continue;
      this.#add(name, series, GROWS_WITH_TIME.test(name) ? value * this.#stretch : value);
    }
    this.#scrapes += 1;
  }

  /** Scrapes at its interval while something goes on. */
  async scrapeTimes(times: number, during: () => Promise<unknown> = async () => undefined): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      await Promise.all([during(), wait(this.#options.everyMs)]);
      await this.scrape();
    }
  }

  #add(name: string, series: string, value: number): void {
    const labels = /\{(.*)\}$/.exec(series)?.[1];
    const labelled = `${name}{${labels ? `${labels},` : ''}instance="a",job="noegle"}`;
    const values = this.#series.get(labelled) ?? [];
    while (values.length < this.#scrapes) values.push('_');
    values.push(String(value));
    this.#series.set(labelled, values);
  }

  /** At the last scrape these alerts fire. @param silent by default nothing is claimed of the others */
  async expectFiring(firing: readonly string[], silent: readonly string[] = []): Promise<void> {
    const { asSeconds } = this.#options;
    const series = Object.fromEntries(
      [...this.#series].map(([name, values]) => [
        name,
        [...values, ...Array.from({ length: this.#scrapes - values.length }, () => '_')].join(' '),
      ]),
    );
    const atSeconds = (this.#scrapes - 1) * asSeconds;
    await expectAlerts([{ intervalSeconds: asSeconds, series, atSeconds, firing, silent }]);
  }

  async expectSilence(): Promise<void> {
    await this.expectFiring(
      [],
      readAlertRules().map(({ name }) => name),
    );
  }
}
