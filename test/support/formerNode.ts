/**
 * How a node of the previous version counts an attempt and decides: counted and committed before the
 * comparison, reported wrong afterwards. The statements are that version's, without the networks, which it
 * also counts.
 */
import type { LockoutPolicy } from '../../src/domain/signIn/lockout.ts';
import type { Nodes } from './nodes.ts';

const COUNT = `
  INSERT INTO attempts AS a (subject, tries, wrong, counted_at, expires_at)
  VALUES ($1, 1, 0, $2, $2::timestamptz + $4 * interval '1 ms')
  ON CONFLICT (subject) DO UPDATE SET
    tries = CASE WHEN a.expires_at <= $2 THEN 1 ELSE a.tries + 1 END,
    wrong = CASE WHEN a.expires_at <= $2 THEN 0
                 WHEN a.counted_at < $2::timestamptz - $5 * interval '1 ms' THEN a.tries
                 ELSE a.wrong END,
    in_a_row = CASE WHEN a.counted_at < $2::timestamptz - $5 * interval '1 ms'
                    THEN a.in_a_row + (a.tries - a.wrong) ELSE a.in_a_row END,
    counted_at = excluded.counted_at,
    expires_at = excluded.expires_at
  WHERE (a.expires_at <= $2 OR a.tries < $3) AND ($6::int IS NULL OR a.in_a_row + a.tries - a.wrong < $6)
  RETURNING subject`;

const RECORD_FAILURE = `
  UPDATE attempts SET wrong = least(wrong + 1, tries), in_a_row = in_a_row + 1,
    expires_at = $2::timestamptz + $3 * interval '1 ms'
  WHERE subject = $1`;

export class FormerNode {
  readonly #nodes: Nodes;
  readonly #subject: Buffer;
  readonly #policy: LockoutPolicy;

  constructor(nodes: Nodes, subject: Buffer, lockoutPolicy: LockoutPolicy) {
    this.#nodes = nodes;
    this.#subject = subject;
    this.#policy = lockoutPolicy;
  }

  /** Counts before the comparison. @returns false where the attempt is not allowed */
  async count(): Promise<boolean> {
    const { limit, lockMs, maxInFlightMs, inARow } = this.#policy;
    const now = this.#nodes.clock.now();
    const values = [this.#subject, now, limit, lockMs, maxInFlightMs, inARow];
    return (await this.#nodes.database.query(COUNT, values)).length === 1;
  }

  /** Records that the counted attempt was wrong. */
  async recordFailure(): Promise<void> {
    const values = [this.#subject, this.#nodes.clock.now(), this.#policy.lockMs];
    await this.#nodes.database.query(RECORD_FAILURE, values);
  }
}
