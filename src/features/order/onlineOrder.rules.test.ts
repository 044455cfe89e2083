import { describe, expect, test } from '@jest/globals';
import { DEFAULT_KINDS } from '../../domain/issuing/identification.ts';
import { findFaultyStep, findStepOfField, readOrder } from './onlineOrder.rules.ts';
import { BLANK_ORDER } from './orderForm.ts';

const now = new Date('2026-11-24T12:00:00Z');
const readFaults = (typed: Partial<typeof BLANK_ORDER>) => {
  const parsed = readOrder({ ...BLANK_ORDER, ...typed }, { kinds: DEFAULT_KINDS, now });
  return parsed.kind === 'faulty' ? parsed.faults : {};
};
const person = {
  cpr: '610785-4386',
  name: 'Anna Andersen',
  documentKind: 'passport',
  documentNumber: '201234567',
};
const ticked = { withoutInterpreter: true, operatesAlone: true, accepts: true };

describe('the pages of an order', () => {
  test('the first with a fault comes first, and nothing typed leaves out the terms', () => {
    expect(findFaultyStep(readFaults({}))).toBe('person');
    expect(findFaultyStep(readFaults(ticked))).toBe('person');
    expect(findFaultyStep(readFaults(person))).toBe('terms');
    expect(findFaultyStep(readFaults({ ...person, ...ticked }))).toBeNull();
    expect(findFaultyStep(readFaults({ ...person, ...ticked, termsVersion: '2020-01-01' }))).toBe('terms');
  });

  test('every field has its page', () => {
    const fields = ['cpr', 'email', 'documentNumber', 'operatesAlone', 'terms'];
    expect(fields.map(findStepOfField)).toEqual(['person', 'person', 'person', 'terms', 'terms']);
    expect(findStepOfField('nothing')).toBe('person');
  });
});
