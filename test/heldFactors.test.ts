/** The one life of every factor: nothing of the log, the notices and the rows is outside of its table. */
import { describe, expect, test } from '@jest/globals';
import { BOUND_TABLES } from '../src/db/binding/boundTables.ts';
import { FACTOR_TABLES } from '../src/db/factors/heldFactors.ts';
import { TABLES_OF_IDENTITY } from '../src/db/auditTree/segmentRows.ts';
import type { AuditEvent } from '../src/domain/auditEvent.ts';
import { LETTER_FOR } from '../src/domain/notice.ts';
import {
  FACTOR_STAGES,
  findFactorStep,
  ROWS_AFTER_END,
  OTHER_FACTOR_EVENTS,
} from '../src/domain/factors/factorLife.ts';
import {
  BLOCK_TARGET_OF,
  BLOCK_TARGETS,
  BLOCKED_KINDS,
  HELD_FACTORS,
  leavesCard,
  type HeldFactorKind,
} from '../src/domain/factors/heldFactors.ts';
import { da } from '../src/ui/words/words.da.ts';
import { en } from '../src/ui/words/words.en.ts';

const steps = (kind: HeldFactorKind) =>
  FACTOR_STAGES.map((stage) => findFactorStep(kind, stage)).filter((step) => 'events' in step);
const isOf = (kind: HeldFactorKind) => (name: string) => name.startsWith(`${kind}_`);

/** Notices about a factor that changes nothing of whether it counts. */
const OTHER_NOTICES = ['card_format_changed'];

describe.each(HELD_FACTORS)('%s', (kind) => {
  test('each of its events in the log is a stage, or changes nothing', () => {
    const known = new Set<string>([
      ...steps(kind).flatMap(({ events }) => events),
      ...OTHER_FACTOR_EVENTS[kind],
    ]);
    const all = Object.keys(da.activity.words satisfies Record<AuditEvent['kind'], unknown>);
    expect(all.length).toBeGreaterThan(80);
    expect(all.filter(isOf(kind)).filter((event) => !known.has(event))).toEqual([]);
  });

  test('each of its notices belongs to a stage', () => {
    const known = steps(kind).flatMap(({ notices }) => ('none' in notices ? [] : ([...notices] as string[])));
    const all = Object.keys(LETTER_FOR).filter(isOf(kind));
    expect(all.filter((notice) => !known.includes(notice) && !OTHER_NOTICES.includes(notice))).toEqual([]);
  });

  test('what it does not do has a reason', () => {
    for (const stage of FACTOR_STAGES) {
      const step = findFactorStep(kind, stage);
      const reason = 'never' in step ? step.never : 'none' in step.notices ? step.notices.none : null;
      expect([stage, reason === null || reason.length > 15]).toEqual([stage, true]);
    }
  });

  test('it comes, counts and ends, alone and with the ID, and each end is in the log', () => {
    const has = (stage: (typeof FACTOR_STAGES)[number]) => 'events' in findFactorStep(kind, stage);
    expect(has('ordered') || has('given')).toBe(true);
    for (const stage of ['counts', 'stopped', 'blocked', 'ended_with_id', 'retired'] as const)
      expect([stage, has(stage)]).toEqual([stage, true]);
    expect(BLOCKED_KINDS[BLOCK_TARGET_OF[kind]]).toContain(kind);
    expect(BLOCKED_KINDS.identity).toContain(kind);
  });

  test('its rows come back after a restore, and only a card is bound by something else than a MAC', () => {
    const table = FACTOR_TABLES[kind];
    expect(TABLES_OF_IDENTITY).toContain(table);
    // A card's keys are derived from the card and its owner: another row has other keys.
    expect(BOUND_TABLES.some((one) => one.table === table)).toBe(kind !== 'card');
    expect(Object.keys(ROWS_AFTER_END[kind])).toHaveLength(1);
  });
});

test('each block has its page in both languages, and only one without the card leaves it', () => {
  for (const target of BLOCK_TARGETS)
    for (const words of [da, en])
      expect([
        target,
        words.block[target].means.length > 2,
        words.selfService.blocked[target] !== '',
      ]).toEqual([target, true, true]);
  expect(BLOCK_TARGETS.filter(leavesCard)).toEqual(['security_keys', 'code_token']);
});
