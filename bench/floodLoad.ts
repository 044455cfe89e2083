/**
 * A process that floods: each of its connections sends the next form as soon as the previous one is answered.
 * It speaks HTTP itself, because a client library would take more of the machine than the node that is
 * measured. It connects only to the loopback, and ends after a number of seconds or forms, or when its parent
 * (bench/flood.ts) says so or is gone. The parent sends the plan and receives the counts of answers.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import type { OpenForm } from './signIn.ts';

export interface FloodPlan {
  readonly port: number;
  readonly host: string;
  readonly connections: number;
  readonly seconds: number;
  readonly most: number;
  /** Used in rotation, as the addresses are. */
  readonly forms: readonly OpenForm[];
  readonly addresses: readonly string[];
  /** The typed user ID; null for a different unknown one each time. */
  readonly userId: string | null;
}

export interface FloodOutcome {
  readonly seconds: number;
  readonly answered: Readonly<Record<string, number>>;
}

const RECONNECT_MS = 50;
const LAST_ANSWERS_MS = 3_000;

function requestText({ host, forms, addresses, userId }: FloodPlan, turn: number): string {
  const form = forms[turn % forms.length];
  const typed = new URLSearchParams({
    userId: userId ?? `nobody-${turn}-at-all`,
    password: `not it at all, ${turn}`,
  });
  const body = `${form?.fields}&${typed}`;
  return [
    `POST ${form?.path} HTTP/1.1`,
    `host: ${host}`,
    `x-forwarded-for: ${addresses[turn % addresses.length]}`,
    `origin: https://${host}`,
    'accept: text/html',
    'accept-language: da',
    `cookie: ${form?.cookie}`,
    'content-type: application/x-www-form-urlencoded',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** Parses one HTTP answer from the received chunks. */
class AnswerReader {
  #head = '';
  #left = 0;
  #isChunked = false;
  #tail = '';
  #status: string | null = null;

  /** @returns the status, once the answer is whole. */
  read(chunk: Buffer): string | null {
    let rest = chunk.toString('latin1');
    if (this.#status === null) {
      this.#head += rest;
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return null;
      const head = this.#head.slice(0, end).toLowerCase();
      this.#status = head.slice(9, 12);
      this.#isChunked = head.includes('\r\ntransfer-encoding: chunked');
      this.#left = Number(/\r\ncontent-length: ([0-9]+)/.exec(head)?.[1] ?? 0);
      rest = this.#head.slice(end + 4);
      this.#head = '';
    }
    this.#left -= rest.length;
    this.#tail = (this.#tail + rest).slice(-7);
    const isWhole = this.#isChunked ? /(?:^|\r\n)0\r\n\r\n$/.test(this.#tail) : this.#left <= 0;
    if (!isWhole) return null;
    const status = this.#status;
    this.#status = null;
    this.#tail = '';
    return status;
  }
}

class FloodRun {
  readonly #plan: FloodPlan;
  readonly #answered: Record<string, number> = {};
  readonly #sockets = new Set<Socket>();
  #turn = 0;
  #isOver = false;

  constructor(plan: FloodPlan) {
    this.#plan = plan;
  }

  async run(): Promise<FloodOutcome> {
    const startedAt = performance.now();
    const late = setTimeout(() => this.end(), this.#plan.seconds * 1000);
    await Promise.all(Array.from({ length: this.#plan.connections }, () => this.#keepBusy()));
    clearTimeout(late);
    return { seconds: (performance.now() - startedAt) / 1000, answered: this.#answered };
  }

  /** Requests in flight may still be answered for a while. */
  end(): void {
    this.#isOver = true;
    const cut = () => this.#sockets.forEach((socket) => socket.destroy());
    setTimeout(cut, LAST_ANSWERS_MS).unref();
  }

  async #keepBusy(): Promise<void> {
    while (!this.#isOver) {
      await this.#useConnection();
      if (!this.#isOver) await setTimeoutPromise(RECONNECT_MS);
    }
  }

  /** Runs until the connection is cut or the flood ends. */
  async #useConnection(): Promise<void> {
    const socket = connect(this.#plan.port, '127.0.0.1').setNoDelay(true);
    this.#sockets.add(socket);
    const reader = new AnswerReader();
    const send = () => {
      if (this.#turn >= this.#plan.most) this.#isOver = true;
      if (this.#isOver) socket.destroy();
      else socket.write(requestText(this.#plan, this.#turn++));
    };
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      const status = reader.read(chunk);
      if (status === null) return;
      this.#count(status);
      send();
    });
    socket.on('error', ({ message }) => this.#count(message));
    await new Promise((resolve) => socket.on('close', resolve));
    this.#sockets.delete(socket);
  }

  #count(what: string): void {
    this.#answered[what] = (this.#answered[what] ?? 0) + 1;
  }
}

async function runOnCommand(plan: FloodPlan): Promise<void> {
  const flood = new FloodRun(plan);
  process.once('message', () => flood.end());
  const flooded = await flood.run();
  process.send?.(flooded, () => process.disconnect());
}

process.once('message', (plan: FloodPlan) => void runOnCommand(plan));
process.on('disconnect', () => process.exit());
