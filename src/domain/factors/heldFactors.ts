/**
 * What a person holds to sign in with: a card, security keys, a code token. They are one set. factorLife.ts
 * has the stages of their life; features/factors lists and ends them.
 */
export const HELD_FACTORS = ['card', 'security_key', 'code_token'] as const;
export type HeldFactorKind = (typeof HELD_FACTORS)[number];

/** What is blocked in one go. `security_keys`: all of them. Each kind of factor has its own (below). */
export const BLOCK_TARGETS = ['card', 'security_keys', 'code_token', 'identity'] as const;
export type BlockTarget = (typeof BLOCK_TARGETS)[number];

export function isBlockTarget(text: string): text is BlockTarget {
  return (BLOCK_TARGETS as readonly string[]).includes(text);
}

/** The target that blocks a kind alone, or first. */
export const BLOCK_TARGET_OF = {
  card: 'card',
  security_key: 'security_keys',
  code_token: 'code_token',
} as const satisfies Record<HeldFactorKind, Exclude<BlockTarget, 'identity'>>;

/**
 * What ends with a target, in this order. A person who has lost a card cannot say what else was in the bag:
 * what gives codes ends with it.
 */
export const BLOCKED_KINDS: Readonly<Record<BlockTarget, readonly HeldFactorKind[]>> = {
  card: ['card', 'code_token'],
  security_keys: ['security_key'],
  code_token: ['code_token'],
  identity: HELD_FACTORS,
};

/** Whether the card goes on signing in when the target is blocked. */
export function leavesCard(target: BlockTarget): boolean {
  return !BLOCKED_KINDS[target].includes('card');
}

/**
 * The first four are alive. `lost`: it did not arrive, was given up, or retired. `removed`: by its person.
 */
export const HELD_FACTOR_STATES = [
  'ordered',
  'sent',
  'waits',
  'counts',
  'used_up',
  'replaced',
  'removed',
  'blocked',
  'lost',
] as const;
export type HeldFactorState = (typeof HELD_FACTOR_STATES)[number];

/** One of a person's, in the shape in which pages and the file of the person have every kind. */
export interface HeldFactor {
  readonly kind: HeldFactorKind;
  /** The number that is printed on it; the person's own name for a security key. */
  readonly name: string;
  readonly state: HeldFactorState;
  /** It was ordered, given or added then. */
  readonly since: Date;
  /** Until then it waits; null where no wait is known. */
  readonly countsFrom: Date | null;
  /** Null before its first use; of a card: since the log says which card it was. */
  readonly lastUsedAt: Date | null;
}

const ALIVE = ['ordered', 'sent', 'waits', 'counts'] as const;
export type AliveState = (typeof ALIVE)[number];

export function isAlive(one: HeldFactor): one is HeldFactor & { readonly state: AliveState } {
  return (ALIVE as readonly HeldFactorState[]).includes(one.state);
}

/** Those of one kind in these states. */
export function pickFactors<Held extends Pick<HeldFactor, 'kind' | 'state'>>(
  factors: readonly Held[],
  kind: HeldFactorKind,
  ...states: readonly HeldFactorState[]
): Held[] {
  return factors.filter((one) => one.kind === kind && states.includes(one.state));
}
