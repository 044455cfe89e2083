/**
 * One life for every kind of factor: each answers every stage, with the events in the log, the notices, and
 * who may do it. A stage that a kind does not have says why. A kind more does not compile until it answers.
 */
import type { AuditEvent } from '../auditEvent.ts';
import type { Actor, NoticeKind } from '../notice.ts';
import type { RetentionKind } from '../retention.ts';
import type { HeldFactorKind } from './heldFactors.ts';

/**
 * In the order of a life. `ordered`, `sent`: it comes by post. `given`: it comes from a device or a desk.
 * `waits`: it is there, and does not count yet. `renewed`: another one is ordered before this one is used up.
 * `stopped`: within its wait. `blocked`: its kind alone. `ended_with_id`: by a block, a closing or a death.
 * `retired`: after a restore that may have lost its end.
 */
export const FACTOR_STAGES = [
  'ordered',
  'sent',
  'given',
  'waits',
  'counts',
  'renewed',
  'replaced',
  'used_up',
  'not_arrived',
  'stopped',
  'blocked',
  'ended_with_id',
  'retired',
] as const;
export type FactorStage = (typeof FACTOR_STAGES)[number];

type EventKind = AuditEvent['kind'];

export interface FactorStep {
  readonly events: readonly [EventKind, ...EventKind[]];
  /** The one that its person gets, by the cause; or why there is none. */
  readonly notices: readonly [NoticeKind, ...NoticeKind[]] | { readonly none: string };
  readonly by: readonly [Actor, ...Actor[]];
}

/** A kind that does not have the stage, and why. */
export interface NoFactorStep {
  readonly never: string;
}

const NOTICE_OF_NEXT = { none: 'the notice of the one that takes its place says it' } as const;
const NOTICE_OF_BLOCK = { none: 'the notice of the block, or of the closing, says it' } as const;

export const FACTOR_LIFE = {
  card: {
    ordered: { events: ['card_ordered'], notices: ['card_ordered'], by: ['person', 'staff', 'system'] },
    sent: { events: ['card_sent'], notices: ['card_sent'], by: ['system'] },
    given: { never: 'its keys are printed where no officer sees them' },
    waits: { events: ['wait_started'], notices: ['wait_started'], by: ['person'] },
    counts: { events: ['card_activate'], notices: ['card_active'], by: ['person', 'staff', 'system'] },
    renewed: {
      events: ['card_ordered', 'card_not_ordered'],
      notices: ['card_ordered', 'card_not_ordered'],
      by: ['system'],
    },
    replaced: { events: ['card_replace'], notices: NOTICE_OF_NEXT, by: ['person', 'staff', 'system'] },
    used_up: {
      events: ['card_use_up'],
      notices: { none: 'the renewal has its own, long before the last key' },
      by: ['person'],
    },
    not_arrived: {
      events: ['card_lose'],
      notices: ['card_not_arrived', 'card_given_up', 'card_recalled'],
      by: ['person', 'staff', 'system'],
    },
    stopped: { events: ['card_block'], notices: ['card_blocked'], by: ['person', 'staff'] },
    blocked: { events: ['card_block'], notices: ['card_blocked'], by: ['person', 'staff', 'system'] },
    ended_with_id: { events: ['card_block'], notices: ['card_blocked'], by: ['person', 'staff', 'system'] },
    retired: { events: ['card_retire'], notices: ['card_retired'], by: ['system'] },
  },
  security_key: {
    ordered: { never: 'people have it, or buy it; Nøgle sends none' },
    sent: { never: 'Nøgle sends none' },
    given: { events: ['security_key_added'], notices: ['security_key_added'], by: ['person', 'staff'] },
    waits: { events: ['security_key_added'], notices: ['security_key_added'], by: ['person', 'staff'] },
    counts: { events: ['security_key_counts'], notices: ['security_key_active'], by: ['system'] },
    renewed: { never: 'it does not run out; a person adds another one at any time, up to ten' },
    replaced: { never: 'several are held beside each other, and each is ended for itself' },
    used_up: { never: 'a signature uses nothing up' },
    not_arrived: { never: 'Nøgle sends none' },
    stopped: { events: ['security_key_ended'], notices: ['security_key_ended'], by: ['person', 'staff'] },
    blocked: { events: ['security_key_ended'], notices: ['security_key_ended'], by: ['person', 'staff'] },
    ended_with_id: {
      events: ['security_key_ended'],
      notices: NOTICE_OF_BLOCK,
      by: ['person', 'staff', 'system'],
    },
    retired: { events: ['security_key_ended'], notices: ['security_key_ended'], by: ['system'] },
  },
  code_token: {
    ordered: { events: ['code_token_ordered'], notices: ['code_token_ordered'], by: ['person'] },
    sent: { events: ['code_token_sent'], notices: ['code_token_sent'], by: ['system'] },
    given: { events: ['code_token_activated'], notices: ['code_token_active'], by: ['staff'] },
    waits: { events: ['code_token_wait_started'], notices: ['code_token_waits'], by: ['person'] },
    counts: { events: ['code_token_activated'], notices: ['code_token_active'], by: ['staff', 'system'] },
    renewed: {
      never: 'Nøgle does not know its battery; the person orders another one when the display fades',
    },
    replaced: { events: ['code_token_replaced'], notices: NOTICE_OF_NEXT, by: ['staff', 'system'] },
    used_up: { never: 'its codes do not run out' },
    not_arrived: {
      events: ['code_token_lost'],
      notices: { none: 'its person says so on a page, which answers and takes another order' },
      by: ['person', 'staff'],
    },
    stopped: { events: ['code_token_blocked'], notices: ['code_token_blocked'], by: ['person', 'staff'] },
    blocked: {
      events: ['code_token_blocked'],
      notices: ['code_token_blocked'],
      by: ['person', 'staff', 'system'],
    },
    ended_with_id: {
      events: ['code_token_blocked'],
      notices: NOTICE_OF_BLOCK,
      by: ['person', 'staff', 'system'],
    },
    retired: { events: ['code_token_lost'], notices: ['code_token_retired'], by: ['system'] },
  },
} as const satisfies Record<HeldFactorKind, Record<FactorStage, FactorStep | NoFactorStep>>;

/** Events about one that change nothing of whether it counts. */
export const OTHER_FACTOR_EVENTS = {
  card: ['card_issued', 'card_format_changed'],
  security_key: ['security_key_renamed'],
  code_token: ['code_token_resynced'],
} as const satisfies Record<HeldFactorKind, readonly EventKind[]>;

export function findFactorStep(kind: HeldFactorKind, stage: FactorStage): FactorStep | NoFactorStep {
  return FACTOR_LIFE[kind][stage];
}

/** How long a row is kept after its end, or why it stays. */
export const ROWS_AFTER_END = {
  card: { always: 'its keys must never count again, and its number is in the log' },
  security_key: { retention: 'endedSecurityKeys' },
  code_token: { always: 'its seed must never be given to another person' },
} as const satisfies Record<
  HeldFactorKind,
  { readonly retention: RetentionKind } | { readonly always: string }
>;
