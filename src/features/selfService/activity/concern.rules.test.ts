import { expect, test } from '@jest/globals';
import type { Activity } from './activity.rules.ts';
import { findConcern, isDoneByPerson, REMEDIES } from './concern.rules.ts';

const line = (kind: string, details: object = {}) => {
  return { event: { kind, details } as unknown as Activity['event'] };
};

test.each([
  ['a key that was given', line('signed_in'), 'both', true],
  ['a password without a key', line('password_without_key'), 'password', true],
  ['a card that was ordered by its rules', line('card_ordered', { by: 'system' }), 'card', false],
  ['a card that staff ordered', line('card_ordered', { by: 'staff' }), 'staff', false],
  ['a look-up', line('searched_by_staff'), 'staff', false],
  ['a kind of a later version', line('of_tomorrow'), 'record', false],
])('%s', (_, activity, concern, isPerson) => {
  expect([findConcern(activity), isDoneByPerson(activity)]).toEqual([concern, isPerson]);
});

test('every concern ends with people who can be asked', () => {
  expect(Object.values(REMEDIES).filter((some) => some.at(-1) !== 'phone')).toEqual([]);
});
