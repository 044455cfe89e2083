/** A stranger who knows a user ID and guesses the password, from many addresses concurrently. */
import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { hashKeySubject } from '../../src/features/authentication/attemptSubjectHashes.ts';
import { TestBrowser } from './browser.ts';
import { authRequest, keyFor, readReturnedCode, signInAtNode, toKeyPage } from './flow.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';
import { countWrong } from './sabotage.ts';

export const HOUR = 3_600_000;
/** An address that no other test of a suite uses, in a range reserved for documentation. */
export function anAddress(): string {
  return `198.${18 + randomInt(2)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

/** Page shown to the stranger -> how often. */
export type Harvest = Map<string, number>;

/** Concurrent attempts: more than both nodes can hash, less than what they take for a pile-up. */
const AT_ONCE = 32;

export class Stranger {
  readonly addresses: readonly string[];
  readonly harvest: Harvest = new Map();
  readonly #nodes: Nodes;
  readonly #rp: TestRelyingParty;

  constructor(nodes: Nodes, rp: TestRelyingParty, many = 50) {
    this.#nodes = nodes;
    this.#rp = rp;
    this.addresses = Array.from({ length: many }, anAddress);
  }

  /** So many wrong passwords for a user ID; three of four from the first five addresses. */
  async tryAll(userId: string, tries: number): Promise<void> {
    let next = 0;
    const lane = async () => {
      for (let i = next++; i < tries; i = next++) {
        const which = i % 4 === 0 ? (i / 4) % this.addresses.length : i % 5;
        const seen = await this.#try(this.addresses[which] ?? '', userId, `guess-${i}`);
        this.harvest.set(seen, (this.harvest.get(seen) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }

  /** A sign-in for each: with two attempts in one, the later one has the page. */
  async #try(address: string, userId: string, password: string): Promise<string> {
    const browser = new TestBrowser(this.#nodes, randomInt(2), address);
    const page = await browser.follow(authRequest(this.#rp).path);
    const post = await browser.post(page, { userId, password });
    if (post.status !== 303) return String(post.status);
    const next = await browser.follow(page.formUrl);
    return next.page ?? String(next.status);
  }
}

export function describeHarvest(harvest: Harvest): string {
  return [...harvest].map(([seen, many]) => `${seen} ${many}`).join(', ');
}

/** A browser that is known for this person from now on. */
export async function aKnownBrowser(
  nodes: Nodes,
  person: TestPerson,
  rp: TestRelyingParty,
  address = anAddress(),
): Promise<TestBrowser> {
  const browser = new TestBrowser(nodes, 0, address);
  const keyPage = await toKeyPage(browser, person, authRequest(rp));
  const end = await browser.send(keyPage, { key: keyFor(person, keyPage), ownComputer: '1' });
  expect(readReturnedCode(end).get('code')).toBeTruthy();
  return browser;
}

export interface CardSeen {
  readonly spent: number;
  readonly challenge: number | null;
  readonly state: string;
  /** Attempts that count against the key step. */
  readonly keyTries: number;
  /** Audit events about cards and keys. */
  readonly events: number;
}

export async function cardOf(nodes: Nodes, { identityId, cardId }: TestPerson): Promise<CardSeen> {
  const [card] = await nodes.database.query<CardSeen>(
    `SELECT bit_count(c.spent)::int AS spent, c.challenge, c.state,
       coalesce((SELECT a.tries + a.in_a_row FROM attempts a WHERE a.subject = $3), 0)::int AS "keyTries",
       (SELECT count(*)::int FROM audit_events e WHERE e.identity_id = $1 AND e.kind ~ 'card|key|wait') AS events
     FROM key_cards c WHERE c.id = $2`,
    [identityId, cardId, hashKeySubject(nodes.context, identityId)],
  );
  if (!card) throw new Error('the card is gone');
  return card;
}

/** The stranger continues when the lock has expired and the networks' budgets are refilled. */
const DAYS = 2;
const SIGN_INS_A_DAY = 12;

/**
 * A stranger makes `tries` wrong attempts at a person's user ID from 50 addresses, one of them the person's
 * own (a library, an operator's gateway). All the while the person signs in from their known browser.
 */
export async function attackForDays(
  nodes: Nodes,
  person: TestPerson,
  bank: TestRelyingParty,
  tries: number,
): Promise<{ harvest: Harvest; signIns: number }> {
  const stranger = new Stranger(nodes, bank);
  const own = await aKnownBrowser(nodes, person, bank, stranger.addresses[0]);
  const before = await cardOf(nodes, person);
  const times: number[] = [];
  let warnings = 0;
  const signInNow = async () => {
    const startedAt = performance.now();
    const result = await signInAtNode(own, person, authRequest(bank));
    expect(result.get('code')).toBeTruthy();
    times.push(performance.now() - startedAt);
  };
  for (let day = 0; day < DAYS; day += 1) {
    const flood = { isOver: false };
    const flooding = countWrong(nodes, async () => {
      await stranger.tryAll(person.userId, tries / DAYS);
      flood.isOver = true;
    });
    for (let i = 0; i < SIGN_INS_A_DAY && !flood.isOver; i += 1) {
      await setTimeout(200);
      await signInNow();
    }
    warnings += await flooding;
    await signInNow();
    nodes.clock.forward(8 * HOUR + 30_000);
  }
  await signInNow();

  const { harvest } = stranger;
  expect([...harvest.values()].reduce((sum, many) => sum + many, 0)).toBe(tries);
  expect([...harvest.keys()].filter((seen) => !['password', 'locked', '429', '503'].includes(seen))).toEqual(
    [],
  );
  // One of the addresses is known to be the person's: it has separate attempts.
  expect(warnings).toBeLessThanOrEqual(5 * DAYS * 2);
  expect(await cardOf(nodes, person)).toEqual({ ...before, spent: before.spent + times.length });
  const slowest = Math.round(Math.max(...times));
  console.info(
    `${tries} wrong tries from ${stranger.addresses.length} addresses: ${describeHarvest(harvest)}; meanwhile ` +
      `${times.length} sign-ins of the owner, the slowest in ${slowest} ms`,
  );
  return { harvest, signIns: times.length };
}
