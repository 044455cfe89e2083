/** The pages of the desk's actions on an ID, in every state. */
import { DEFAULT_KINDS } from '../../../domain/issuing/identification.ts';
import { DESK_ACTIONS } from '../../../domain/staff/desk.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import { da } from '../../../ui/words/words.da.ts';
import type { DeskKeyFault } from './cardKey.ts';
import { DeskActionPage, OwnIdPage } from './action.page.tsx';
import {
  BLANK_GUARDIAN,
  type GuardianCheck,
  type GuardianFaults,
  type RecordedGuardian,
} from './guardian.rules.ts';

const at = new Date('2026-11-24T09:40:00Z');
const desk = { again: false, staff: { name: 'Dorte Dalgaard', role: 'officer', csrf: 'csrf' } } as const;
const creation = { options: '{}', issued: 'x', typedName: '', nameFault: null, fault: null } as const;
const shownInput = { idKind: '', idNumber: '', idExpires: '', idMatches: '', key: '' };
const tokenInput = { serialNumber: 'NT-100234', code: '', nextCode: '' };
const actionInput = { why: '', reason: '', ...shownInput, ...BLANK_GUARDIAN, ...tokenInput };
const onRecord = (from: RecordedGuardian['from']) => ({
  recorded: { id: 'application-1', name: 'Karen Vestergaard', at, from },
});
const challenge = { cardNumber: 'A123456789', keyNumber: '0087', place: null };
const composeActionPage = {
  ...desk,
  name: 'Anna Andersen',
  searchPath: '/desk/search/1',
  kinds: DEFAULT_KINDS,
  form: 'form',
  limit: null,
};

const composeActionSample = (state: string, render: (frame: PageFrame) => ReturnType<typeof OwnIdPage>) => ({
  state,
  render,
});

const composeGuardianSample = (
  state: string,
  guardian: GuardianCheck,
  { action, faults = {} }: { action: 'give-code-token' | 'add-security-key'; faults?: GuardianFaults },
) =>
  composeActionSample(state, (frame) =>
    DeskActionPage({
      ...frame,
      ...composeActionPage,
      name: 'Freja Vestergaard',
      action,
      typed: { ...actionInput, guardian: guardian.recorded ? 'other' : '' },
      faults,
      guardian,
      creation: action === 'add-security-key' ? creation : null,
    }),
  );

export const DESK_ACTIONS_GALLERY = {
  'desk-deed': [
    ...DESK_ACTIONS.map((action) =>
      composeActionSample(action, (frame) =>
        DeskActionPage({
          ...frame,
          ...composeActionPage,
          action,
          typed: actionInput,
          faults: {},
          challenge: action === 'proof-identity' ? challenge : null,
          cardFormats: action === 'new-card' ? { next: 'standard', coming: 'large_print' } : null,
          creation: action === 'add-security-key' ? creation : null,
        }),
      ),
    ),
    composeActionSample('faults', (frame) => {
      const faults = { idExpires: 'expired', idMatches: 'not_matching', reason: 'reason_number' } as const;
      return DeskActionPage({ ...frame, ...composeActionPage, action: 'reopen', typed: actionInput, faults });
    }),
    ...(Object.keys(da.deskProofing.faults) as DeskKeyFault[]).map((key) =>
      composeActionSample(key.replaceAll('_', '-'), (frame) => {
        const faulty = { typed: actionInput, faults: { key }, challenge };
        return DeskActionPage({ ...frame, ...composeActionPage, action: 'proof-identity', ...faulty });
      }),
    ),
    composeGuardianSample('guardian', onRecord('application'), { action: 'give-code-token' }),
    composeGuardianSample('guardian-since', onRecord('second_way'), { action: 'add-security-key' }),
    composeGuardianSample('guardian-none', { recorded: null }, { action: 'add-security-key' }),
    composeGuardianSample('guardian-faults', onRecord('application'), {
      action: 'give-code-token',
      faults: {
        guardian: 'guardian_changed',
        guardianName: 'guardian_name',
        guardianProof: 'guardian_proof',
        guardianIdKind: 'kind_unknown',
        guardianIdNumber: 'guardian_same_document',
        guardianIdExpires: 'expired',
        guardianMatches: 'guardian_matches',
      },
    }),
    ...(
      [
        ['give-code-token', 'token_code_wrong'],
        ['adjust-code-token', 'token_codes_wrong'],
        ['give-code-token', 'token_code_last'],
        ['give-code-token', 'token_locked'],
        ['give-code-token', 'token_busy'],
        ['give-code-token', 'token_exhausted'],
      ] as const
    ).map(([action, code]) =>
      composeActionSample(code.replaceAll('_', '-'), (frame) => {
        const faulty = { typed: { ...actionInput, serialNumber: 'NT-100234' }, faults: { code } };
        return DeskActionPage({ ...frame, ...composeActionPage, action, ...faulty });
      }),
    ),
    composeActionSample('key-fault', (frame) =>
      DeskActionPage({
        ...frame,
        ...composeActionPage,
        action: 'add-security-key',
        typed: actionInput,
        faults: {},
        creation: { ...creation, typedName: 'Den blå', fault: 'unverified' },
      }),
    ),
    composeActionSample('limit', (frame) => {
      const limit = { kind: 'block', most: 20, opensAt: at } as const;
      const typed = { ...actionInput, reason: 'Har mistet sit kort' };
      return DeskActionPage({
        ...frame,
        ...composeActionPage,
        action: 'block-card',
        typed,
        faults: {},
        limit,
      });
    }),
  ],
  'desk-own-id': [
    composeActionSample('first', (frame) => OwnIdPage({ ...frame, ...desk, languageSwitch: null })),
  ],
};
