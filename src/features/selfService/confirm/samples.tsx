/** The confirmation of an addition by a person who has another second way, in every state. */
import { locateKey } from '../../../domain/card/cardLayout.ts';
import { SECURITY_KEY_FAULTS } from '../../../domain/factors/securityKey.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import { SAMPLE_ADD_ACTION } from '../securityKeys/samples.tsx';
import { SelfConfirmPage } from './confirm.page.tsx';

const user = { name: 'Anna Kirstine Vestergaard', csrf: 'x' };
const webAuthn = { userVerification: 'required', timeout: 300_000, allowCredentials: [] } as const;
const serialNumber = 'NT-100234';
const both = { form: 'A'.repeat(43), webAuthn, serialNumber };

const compose = (state: string, props: Partial<SelfConfirmPage>) => ({
  state: `second-way-${state.replaceAll('_', '-')}`,
  render: (frame: PageFrame) =>
    SelfConfirmPage({
      ...frame,
      user,
      again: false,
      hasRecentKey: true,
      id: 'x',
      nonce: 'A'.repeat(43),
      action: SAMPLE_ADD_ACTION,
      cardNumber: 'A123456789',
      keyNumber: '0087',
      place: locateKey(3, 'standard'),
      error: null,
      secondWay: both,
      secondWayError: null,
      ...props,
    }),
});

const CODE_ERRORS = ['wrong', 'far', 'lastBeforeLock', 'lastBeforeBlock', 'spent'] as const;

export const SECOND_WAY_SAMPLES = [
  compose('both', {}),
  compose('security-key', { secondWay: { ...both, serialNumber: null } }),
  compose('code', { secondWay: { ...both, webAuthn: null } }),
  compose('wrong-key', { error: 'wrong' }),
  compose('gone', { secondWay: { ...both, serialNumber: null }, secondWayError: { kind: 'gone' } }),
  compose('malformed-code', { secondWayError: { kind: 'malformed', digits: 6 } }),
  ...CODE_ERRORS.map((kind) => compose(`code-${kind}`, { secondWayError: { kind } })),
  ...SECURITY_KEY_FAULTS.map((why) => compose(why, { secondWayError: { kind: 'security_key', why } })),
];
