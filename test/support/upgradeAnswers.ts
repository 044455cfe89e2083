/**
 * Why an answer was not the one that people expect: the answer, who gave it, at which step, and what the
 * nodes logged of it. An answer is kept when it comes and explained later, as log lines arrive after it.
 */
import { loadavg } from 'node:os';
import { excerpt } from './excerpt.ts';
import type { ObservedAnswer } from './http.ts';

/** A process of an upgrade, running or ended. */
export interface LoggingNode {
  /** Its place, its version, and whether it is the first, second or a later process. */
  readonly name: string;
  readonly output: string;
}

interface UnexpectedAnswer extends ObservedAnswer {
  readonly step: string;
  /** What the request was sent to. */
  readonly to: string;
  readonly at: Date;
  readonly load: string;
}

const LONGEST_LINE = 500;
/** Numbers, as pino writes levels by default, in the log of an earlier version. */
const WARNING = /"level":("(warn|error|fatal)"|40|50|60)/;
/** A line of an outage is written once a second, for all requests that met it: its id is that of one. */
const WARNINGS_WITHIN_MS = 3_000;

export class UpgradeAnswers {
  /** What the operator does at the moment. */
  step = 'start';
  readonly #nodes: () => readonly LoggingNode[];
  readonly #kept: UnexpectedAnswer[] = [];

  constructor(nodes: () => readonly LoggingNode[]) {
    this.#nodes = nodes;
  }

  /** @param isRefusalExpected where one of two requests is refused, as both send the same key or code */
  observer(to: string, isRefusalExpected: boolean): (answer: ObservedAnswer) => void {
    const firstUnexpected = isRefusalExpected ? 500 : 400;
    return (answer) => {
      if (answer.status < firstUnexpected) return;
      const load = loadavg()[0]?.toFixed(1) ?? '';
      this.#kept.push({ ...answer, step: this.step, to, at: new Date(), load });
    };
  }

  /** The lines of all nodes that tell of a fault. */
  get warnings(): string[] {
    return this.#lines.filter(({ line }) => WARNING.test(line)).map(({ name, line }) => `${name}: ${line}`);
  }

  get #lines(): { name: string; line: string }[] {
    return this.#nodes().flatMap(({ name, output }) =>
      output.split('\n').map((line) => ({ name, line: line.slice(0, LONGEST_LINE) })),
    );
  }

  /** One text for each answer that no one expects. */
  explain(): string[] {
    return this.#kept.map((answer) => this.#explainOne(answer));
  }

  #explainOne(answer: UnexpectedAnswer): string {
    const { method, path, status, headers, text, step, to, at, ms, load } = answer;
    const id = String(headers['x-request-id'] ?? '');
    const lines = this.#lines;
    const own = lines.filter(({ line }) => id !== '' && line.includes(id));
    const near = lines.filter(({ line }) => WARNING.test(line) && isNear(line, at));
    const who = own[0]?.name ?? `no node has logged the request id "${id}": a proxy answered`;
    const { pathname, searchParams } = new URL(path, 'http://host');
    const prompt = searchParams.get('prompt');
    return [
      `${method} ${pathname}${prompt === null ? '' : ` prompt=${prompt}`}: ${status} after ${ms} ms`,
      `step: ${step}; sent to: ${to}; at: ${at.toISOString()}; load: ${load}`,
      `answered by: ${who}; request id: ${id}`,
      ...own.map(({ name, line }) => `log of the request, ${name}: ${line}`),
      ...near.map(({ name, line }) => `warning within ${WARNINGS_WITHIN_MS} ms, ${name}: ${line}`),
      `body: ${excerpt(text.replaceAll(/<style[\s\S]*?<\/style>|<svg[\s\S]*?<\/svg>/g, ''))}`,
    ].join('\n');
  }
}

function isNear(line: string, at: Date): boolean {
  const [, time = ''] = /"time":"?([^",}]+)/.exec(line) ?? [];
  const loggedAt = /^\d+$/.test(time) ? Number(time) : Date.parse(time);
  return Math.abs(loggedAt - at.getTime()) <= WARNINGS_WITHIN_MS;
}
