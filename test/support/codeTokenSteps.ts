/** What happens to code tokens in a history (factorNodeHistory.ts). */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { CODE_TOKEN_WAIT_MS, generateCode, matchCode, stepAt } from '../../src/domain/factors/codeToken.ts';
import { endIdentity, lockIdentity } from '../../src/db/cards/cardSets.ts';
import type { Queryable } from '../../src/db/database.ts';
import { findCodeTokens } from '../../src/db/factors/codeTokens.ts';
import {
  blockCodeTokens,
  endWaitOfCodeToken,
  findCodeTokenToHandOver,
  handOverCodeToken,
  importTokens,
  markCodeTokenSent,
  orderCodeToken,
  startCodeTokenWait,
} from '../../src/features/codeTokens/index.ts';
import { submitCode } from '../../src/features/signIn/codeToken/submitCode.ts';
import type { AppContext } from '../../src/features/appContext.ts';
import type { CardHistory } from './cardHistory.ts';
import type { FactorStepName } from './factorNodeHistory.ts';
import type { Nodes } from './nodes.ts';
import type { SignInSteps } from './signInSteps.ts';

const BY = { by: 'person' } as const;
const TOTP = { kind: 'totp', digits: 6, algorithm: 'SHA-1', periodSeconds: 30 } as const;

interface HeldToken {
  readonly serialNumber: string;
  readonly seed: Buffer;
  /** From then on it may sign in; null while it waits for its first code. */
  from: Date | null;
  hasEnded: boolean;
}

/** Seeds of the histories of a process: of a device that is on its way any of them may be taken. */
const SEEDS = new Map<string, Buffer>();

export class CodeTokenSteps {
  readonly #nodes: Nodes;
  readonly #history: CardHistory;
  readonly #signIns: SignInSteps;
  #active: HeldToken | null = null;
  #coming: HeldToken | null = null;
  readonly #codes: string[] = [];

  constructor(nodes: Nodes, history: CardHistory, signIns: SignInSteps) {
    this.#nodes = nodes;
    this.#history = history;
    this.#signIns = signIns;
  }

  async act(name: FactorStepName, node: number, number: number): Promise<string> {
    const context = this.#history.contextOf(node);
    const other = this.#history.contextOf(node + 1);
    await this.#read(context);
    switch (name) {
      case 'token-order':
        return await this.#order(context);
      case 'token-sent':
        return await this.#locked(context, async (db, id) => {
          const day = '2031-01-06';
          const letter = { postOn: day, batch: 'x', expected: { from: day, to: day } };
          await markCodeTokenSent(context, db, id, letter);
          return 'done';
        });
      case 'token-first-code':
        return await this.#activateToken(context);
      case 'token-wait-over':
        return await this.#locked(
          context,
          async (db, id) => (await endWaitOfCodeToken(context, db, id, BY, { skip: false })) ?? 'done',
        );
      case 'token-at-desk':
        return await this.#handOver(context);
      case 'token-code':
        return await this.#give([context], null);
      case 'token-code-twice-at-once':
        return await this.#give([context, other, other, context], null);
      case 'token-code-again':
        return await this.#give([context], this.#codes[number % Math.max(1, this.#codes.length)] ?? '');
      case 'token-end':
        return await this.#locked(context, async (db, id) => {
          const many = await blockCodeTokens(context, db, id, BY, { all: number % 2 === 0 });
          if (many > 0) await endIdentity(db, id, { block: false, now: context.clock.now() });
          return `${many}`;
        });
      case 'token-while-blocked': {
        const [given, blocked] = await Promise.all([
          this.#give([context], null),
          this.#history.blockIdentity(node + 1),
        ]);
        return `${given}, ${blocked}`;
      }
      default:
        throw new Error(`no step of code tokens: ${name}`);
    }
  }

  async #locked(context: AppContext, work: (db: Queryable, identityId: string) => Promise<string>) {
    const { identityId } = this.#history.person;
    if (this.#history.isBlocked) return 'blocked';
    return await context.database.transaction(async (db) => {
      await lockIdentity(db, identityId);
      return await work(db, identityId);
    });
  }

  /** The devices as the rows name them; when one may sign in, this history knows by itself. */
  async #read(context: AppContext): Promise<void> {
    const { active, coming } = await findCodeTokens(context.database, this.#history.person.identityId);
    const isActive = this.#active !== null && active?.serialNumber === this.#active.serialNumber;
    if (this.#active && !isActive) this.#active.hasEnded = true;
    if (active && !isActive) {
      if (this.#coming?.serialNumber !== active.serialNumber)
        throw new Error('a code token of no one signs in');
      this.#active = this.#coming;
    }
    if (!active) this.#active = null;
    const { serialNumber } = coming ?? {};
    if (serialNumber === undefined) this.#coming = null;
    else if (this.#coming?.serialNumber !== serialNumber) {
      const seed = SEEDS.get(serialNumber) ?? Buffer.alloc(20);
      this.#coming = { serialNumber, seed, from: null, hasEnded: false };
    }
  }

  async #intoStock(context: AppContext): Promise<{ serialNumber: string; seed: Buffer }> {
    const serialNumber = `NT-${randomBytes(6).toString('hex').toUpperCase()}`;
    const seed = randomBytes(20);
    SEEDS.set(serialNumber, seed);
    this.#nodes.secrets.add(seed.toString('hex'), 'seed');
    const text = `serial,kind,seed,digits\n${serialNumber},totp,${seed.toString('hex')},6`;
    await importTokens(context, Readable.from([Buffer.from(text)]), async () => undefined);
    return { serialNumber, seed };
  }

  async #order(context: AppContext): Promise<string> {
    await this.#intoStock(context);
    return await this.#locked(
      context,
      async (db, id) => (await orderCodeToken(context, db, id, { hasAddress: true })) ?? 'done',
    );
  }

  async #handOver(context: AppContext): Promise<string> {
    if (this.#history.isBlocked) return 'blocked';
    const { serialNumber, seed } = await this.#intoStock(context);
    const now = context.clock.now();
    const shown = generateCode(TOTP, seed, stepAt(TOTP, now));
    const found = await findCodeTokenToHandOver(context, serialNumber, shown);
    if (typeof found === 'string') throw new Error(`a code token in stock is ${found}`);
    const outcome = await this.#locked(
      context,
      async (db, id) => (await handOverCodeToken(context, db, id, found, BY)) ?? 'done',
    );
    // Its code was shown at the desk.
    this.#codes.push(shown);
    if (outcome === 'done') this.#coming = { serialNumber, seed, from: now, hasEnded: false };
    return outcome;
  }

  async #activateToken(context: AppContext): Promise<string> {
    const held = this.#coming;
    const { coming } = await findCodeTokens(context.database, this.#history.person.identityId);
    if (!held || !coming) return 'none';
    const now = context.clock.now();
    const match = matchCode(coming, held.seed, generateCode(TOTP, held.seed, stepAt(TOTP, now)), now);
    if (match.kind !== 'right') return match.kind;
    const started = { tokenId: coming.id, code: match.code };
    const outcome = await this.#locked(
      context,
      async (db, id) => (await startCodeTokenWait(context, db, id, started)) ?? 'done',
    );
    if (outcome === 'done') held.from = new Date(now.getTime() + CODE_TOKEN_WAIT_MS);
    return outcome;
  }

  /** @param earlier a code that was given before; null for the one that the device shows */
  async #give(contexts: readonly AppContext[], earlier: string | null): Promise<string> {
    const held = this.#active;
    const [context] = contexts;
    if (!context || !held) return 'none';
    const { isBlocked: wasBlocked } = this.#history;
    const now = context.clock.now();
    const step = stepAt(TOTP, now);
    const code = earlier ?? generateCode(TOTP, held.seed, step);
    this.#codes.push(code);
    // A sign-in of its own for each: only the device's row decides between them.
    const all = await Promise.all(
      contexts.map(async (one) => ({ one, signIn: await this.#signIns.beginWithPassword(one) })),
    );
    const answers = await Promise.all(
      all.map(async ({ one, signIn }) => {
        const sent = this.#signIns.fillIn(one, signIn);
        return (await submitCode(one, { ...this.#signIns.compose(signIn, sent), code })).kind;
      }),
    );
    const accepted = answers.filter((kind) => kind === 'signed_in').length;
    if (accepted === 0) return answers.join(' ');
    if (held.hasEnded) throw new Error('a code token that had ended signed in');
    if (held.from === null || held.from > now)
      throw new Error('a code token counted before its wait was over');
    this.#signIns.accept(
      `${held.serialNumber} ${code} about ${Math.floor(step / 100)}`,
      accepted,
      wasBlocked,
    );
    return 'signed in';
  }
}
