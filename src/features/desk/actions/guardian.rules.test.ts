import { describe, expect, test } from '@jest/globals';
import { DEFAULT_KINDS } from '../../../domain/issuing/identification.ts';
import { BLANK_GUARDIAN, readTypedGuardian, type GuardianInput } from './guardian.rules.ts';

const recorded = {
  id: 'application-1',
  name: 'Karen Vestergaard',
  at: new Date('2026-11-24T12:00:00Z'),
  from: 'application',
} as const;
const SHOWN = { guardianIdKind: 'id_card', guardianIdNumber: '12 34-56', guardianIdExpires: '24-11-2031' };
const RIGHT: GuardianInput = { ...BLANK_GUARDIAN, ...SHOWN, guardianMatches: 'yes', guardian: recorded.id };
const OTHER: GuardianInput = {
  ...RIGHT,
  guardian: 'other',
  guardianName: ' Bo  Prøve ',
  guardianProof: 'Slået op i CPR',
};
const options = {
  kinds: DEFAULT_KINDS,
  now: new Date('2026-11-24T12:00:00Z'),
  ofPerson: { kind: 'passport', number: '123456' },
};
const identification = { kind: 'id_card', number: '12 34-56', expiresOn: '2031-11-24' };

const read = (typed: Partial<GuardianInput>, base: GuardianInput = RIGHT) =>
  readTypedGuardian({ recorded }, { ...base, ...typed }, options);

describe('the guardian at the counter', () => {
  test('is the one on record, or another one with what shows it', () => {
    expect(read({})).toEqual({
      guardian: { name: 'Karen Vestergaard', proof: null, identification },
      faults: {},
    });
    // What is typed beside the choice counts for nothing.
    expect(read({ guardianName: 'Bo' }).guardian?.name).toBe('Karen Vestergaard');
    expect(read({}, OTHER)).toEqual({
      guardian: { name: 'Bo Prøve', proof: 'Slået op i CPR', identification },
      faults: {},
    });
  });

  test('where none is on record, name and proof are typed whatever the choice says', () => {
    for (const guardian of ['', 'other', recorded.id]) {
      const none = readTypedGuardian({ recorded: null }, { ...OTHER, guardian }, options);
      expect(none.guardian?.name).toBe('Bo Prøve');
      const blank = readTypedGuardian({ recorded: null }, { ...RIGHT, guardian }, options);
      expect(blank).toEqual({
        guardian: null,
        faults: { guardianName: 'guardian_name', guardianProof: 'guardian_proof' },
      });
    }
  });

  test.each<[string, GuardianInput, Partial<GuardianInput>, object]>([
    ['no choice', RIGHT, { guardian: '' }, { guardian: 'guardian_choice' }],
    ['an earlier record', RIGHT, { guardian: 'application-0' }, { guardian: 'guardian_changed' }],
    ['no box', RIGHT, { guardianMatches: '' }, { guardianMatches: 'guardian_matches' }],
    ['nothing shown', RIGHT, { guardianIdKind: '' }, { guardianIdKind: 'kind_unknown' }],
    ['expired', RIGHT, { guardianIdExpires: '23-11-2026' }, { guardianIdExpires: 'expired' }],
    [
      'the document of the person',
      RIGHT,
      { guardianIdKind: 'passport', guardianIdNumber: '12-34 56' },
      { guardianIdNumber: 'guardian_same_document' },
    ],
    ['no name', OTHER, { guardianName: ' ' }, { guardianName: 'guardian_name' }],
    ['a long name', OTHER, { guardianName: 'x'.repeat(201) }, { guardianName: 'guardian_name' }],
    ['a short proof', OTHER, { guardianProof: 'ja' }, { guardianProof: 'guardian_proof' }],
    ['a CPR number', OTHER, { guardianProof: 'Slog 241185-1234 op' }, { guardianProof: 'guardian_number' }],
    ['an unreadable name', OTHER, { guardianName: 'B\uFFFDo' }, { guardianName: 'guardian_unreadable' }],
  ])('%s is refused', (_what, base, typed, faults) => {
    expect(read(typed, base)).toEqual({ guardian: null, faults });
  });
});
