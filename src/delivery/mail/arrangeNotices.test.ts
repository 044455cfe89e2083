/** What several notices in one letter say, and in which order. */
import { expect, test } from '@jest/globals';
import type { Notice } from '../../domain/notice.ts';
import { arrangeNotices, isBlockedByThem } from './arrangeNotices.rules.ts';

const [one, other] = [{ cardNumber: 'A123-456-789' }, { cardNumber: 'B987-654-321' }];
const at = '2026-11-24T13:04:10.000Z';
const sent = { expectedFrom: '2026-12-01', expectedTo: '2026-12-08' };
const kinds = (notices: readonly Notice[]) => arrangeNotices(notices).map(({ kind }) => kind);

test('a sign of a theft is first, then a block, then the others as they came', () => {
  const notices: Notice[] = [
    { kind: 'threshold_changed', details: { threshold: 30 } },
    { kind: 'card_blocked', details: { ...one, by: 'staff' } },
    { kind: 'id_blocked', details: { by: 'staff' } },
    { kind: 'password_without_key', details: { at } },
  ];
  expect(kinds(notices)).toEqual(['password_without_key', 'id_blocked', 'threshold_changed', 'card_blocked']);
});

test('what a later one overtook is left out, for the same card alone', () => {
  const notices: Notice[] = [
    { kind: 'card_ordered', details: one },
    { kind: 'card_ordered', details: other },
    { kind: 'card_sent', details: { ...one, ...sent } },
  ];
  expect(arrangeNotices(notices)).toEqual([notices[1], notices[2]]);
  expect(kinds([...notices, { kind: 'card_active', details: one }])).toEqual(['card_ordered', 'card_active']);
  // Of one moment they have no order.
  expect(kinds(notices.toReversed())).toEqual(['card_sent', 'card_ordered']);
  // A sign of a theft stays, whatever came of it.
  const wait: Notice = { kind: 'wait_started', details: { ...one, opensAt: at } };
  expect(kinds([wait, { kind: 'card_active', details: one }])).toEqual(['wait_started', 'card_active']);
});

test('an ID that was blocked and opened again can be blocked', () => {
  const blocked: Notice = { kind: 'id_blocked', details: { by: 'person' } };
  const reopened: Notice = { kind: 'id_reopened', details: {} };
  expect([[blocked], [blocked, reopened], [reopened, blocked], []].map(isBlockedByThem)).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
