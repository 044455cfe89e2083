/** A person's code tokens as the pure rules see them (factorPerson.ts). */
import { createHash } from 'node:crypto';
import {
  generateCode,
  type matchCode,
  stepAt,
  type CodeTokenState,
  type MatchedCode,
} from '../../src/domain/factors/codeToken.ts';

const TOTP = { kind: 'totp', digits: 6, algorithm: 'SHA-1', periodSeconds: 30 } as const;

export interface ModelToken {
  readonly id: string;
  readonly seed: Buffer;
  state: CodeTokenState;
  lastStep: number;
  driftSteps: number;
  activatesAt: Date | null;
  /** At a desk; null for one that came by post. */
  readonly handedAt: Date | null;
  /** When its first code was given with a key of the card. */
  startedAt: Date | null;
}

export interface TokenRules {
  readonly matchCode: typeof matchCode;
  readonly codeTokenWaitMs: number;
}

export class ModelTokens {
  readonly all: ModelToken[] = [];
  readonly #rules: TokenRules;
  /** The last codes that were typed. */
  readonly #typed: string[] = [];

  constructor(rules: TokenRules) {
    this.#rules = rules;
  }

  get active(): ModelToken | null {
    return this.all.find(({ state }) => state === 'active') ?? null;
  }

  get coming(): ModelToken | null {
    return this.all.find(({ state }) => state === 'ordered' || state === 'sent') ?? null;
  }

  order(): string {
    if (this.coming) return 'on the way';
    this.all.push(this.#make('ordered', null));
    return 'done';
  }

  send(): string {
    const token = this.coming;
    if (token?.state !== 'ordered') return 'none';
    token.state = 'sent';
    return 'done';
  }

  /** With a key of the card, which the caller spends. */
  submitFirstCode(now: Date): string {
    const token = this.coming;
    if (token?.state !== 'sent') return 'none';
    if (token.activatesAt) return 'waits';
    const code = this.type(token, null, now);
    if (code.kind !== 'right') return code.kind;
    this.accept(token, code.code);
    token.startedAt = now;
    token.activatesAt = new Date(now.getTime() + this.#rules.codeTokenWaitMs);
    return 'done';
  }

  handOver(now: Date): string {
    this.end('replaced', true);
    const token = this.#make('active', now);
    const code = this.type(token, null, now);
    if (code.kind !== 'right') return code.kind;
    this.accept(token, code.code);
    this.all.push(token);
    return 'done';
  }

  endWait(now: Date): void {
    const token = this.coming;
    if (!token?.activatesAt || token.activatesAt > now) return;
    const { active } = this;
    if (active) active.state = 'replaced';
    token.state = 'active';
    token.activatesAt = null;
  }

  /** @param isWhole also one on the way whose first code was not given */
  end(to: 'blocked' | 'replaced', isWhole: boolean): string {
    const alive = this.all.filter(({ state }) => ['ordered', 'sent', 'active'].includes(state));
    const ended = alive.filter(
      ({ state, activatesAt }) => state === 'active' || isWhole || activatesAt !== null,
    );
    for (const token of ended) token.state = to;
    return `${ended.length}`;
  }

  /** @param earlier which of the last codes; null for the one that the device shows */
  type(token: ModelToken, earlier: number | null, now: Date) {
    const shown = generateCode(TOTP, token.seed, stepAt(TOTP, now));
    const code = earlier === null ? shown : (this.#typed.at(-1 - (earlier % 3)) ?? shown);
    this.#typed.push(code);
    return this.#rules.matchCode({ ...TOTP, ...token }, token.seed, code, now);
  }

  accept(token: ModelToken, { step, driftSteps }: MatchedCode): void {
    token.lastStep = step;
    token.driftSteps = driftSteps;
  }

  #make(state: CodeTokenState, handedAt: Date | null): ModelToken {
    const id = `code token ${this.all.length}`;
    const seed = createHash('sha1').update(id).digest();
    const counter = { lastStep: -1, driftSteps: 0, activatesAt: null };
    return { id, seed, state, ...counter, handedAt, startedAt: null };
  }
}
