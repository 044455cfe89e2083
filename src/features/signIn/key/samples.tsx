/** The page of the second factor, in every state. */
import { locateKey } from '../../../domain/card/cardLayout.ts';
import type { PageFrame, SignInFrame } from '../../../ui/layout.tsx';
import type { CodeError } from '../codeToken/codeTokenForm.page.tsx';
import type { WebAuthnRequest } from '../securityKey/webAuthnRequest.ts';
import { KeyPage, type AskedCard } from './key.page.tsx';

const card = { cardNumber: 'A123456789', keyNumber: '6087', place: locateKey(98, 'standard') };
const sent = { expected: { from: '2026-12-01', to: '2026-12-08' } };
const webAuthn: WebAuthnRequest = {
  userVerification: 'required',
  timeout: 300_000,
  allowCredentials: [],
};
const few = (keysLeft: number, nextCard: AskedCard['nextCard'] = null) => ({
  card: { ...card, keysLeft, nextCard },
  codeToken: null,
  webAuthn: null,
  securityKeyFault: null,
  keysLockedUntil: null,
  offersOwnBrowser: true,
  isStepUp: false,
  error: null,
});

const CODE_ERRORS: readonly CodeError[] = [
  { kind: 'malformed', digits: 6 },
  ...(['wrong', 'lastBeforeLock', 'lastBeforeBlock', 'far', 'beyond', 'spent'] as const).map((kind) => ({
    kind,
  })),
];

const asked = (error: CodeError | null) => ({ codeToken: { serialNumber: 'NT-100234', error } });

export function composeKeySamples(request: SignInFrame) {
  const sample = (state: string, props: Partial<Parameters<typeof KeyPage>[0]>) => ({
    state,
    render: (frame: PageFrame) => KeyPage({ ...frame, ...request, ...few(120), ...props }),
  });
  const { card: ofMany } = few(120);
  return [
    sample('first', {}),
    sample('known-browser', { offersOwnBrowser: false }),
    sample('step-up', { isStepUp: true }),
    sample('few-left', few(21)),
    sample('new-card-ordered', few(20, { expected: null })),
    sample('new-card-sent', few(12, sent)),
    sample('security-key-or-card', { webAuthn }),
    sample('card-or-security-key', { webAuthn, lastWay: 'card' }),
    sample('security-key-refused', { webAuthn, securityKeyFault: 'copied' }),
    sample('security-key-without-card', { card: null, webAuthn }),
    sample('keys-locked', { card: null, webAuthn, keysLockedUntil: new Date('2026-12-01T01:10:00Z') }),
    sample('code-token-or-card', asked(null)),
    sample('code-token-without-card', { card: null, ...asked(null) }),
    sample('card-or-code-token', { lastWay: 'card', ...asked(null) }),
    sample('three-ways', { webAuthn, ...asked(null) }),
    sample('three-ways-code-first', { webAuthn, lastWay: 'code', ...asked(null) }),
    ...CODE_ERRORS.map((error) => sample(`code-${error.kind}`, asked(error))),
    sample('last', few(1)),
    sample('large-print', { card: { ...ofMany, keyNumber: '0002', place: locateKey(0, 'large_print') } }),
    sample('place-unknown', { card: { ...ofMany, place: null } }),
    ...(['wrong', 'lastBeforeLock', 'lastBeforeBlock', 'malformed', 'stale'] as const).map((error) =>
      sample(error, { error }),
    ),
  ];
}
