/** The pages of the sessions of a person, in every state. */
import { BOTH_KINDS, KNOWLEDGE } from '../../domain/signIn/levels.ts';
import type { PageFrame } from '../../ui/layout.tsx';
import { NoSessionPage, SessionPage } from './session.page.tsx';
import type { SessionView } from './sessions.ts';

const BANK = { da: 'Gudenå Sparekasse', en: 'Gudenå Savings Bank' };
const MUNICIPALITY = { da: 'Prøvekommunen', en: 'The test municipality' };
const STARTED_AT = new Date('2026-11-24T11:20:00Z');
const SAMPLE_CLIENT = { browser: 'Firefox', system: 'Windows', network: '192.0.2.10' } as const;

/** A session, in use here unless the sample says otherwise. */
function composeSessionSample(props: Partial<SessionView> = {}): SessionView {
  const usedAt = props.startedAt ?? STARTED_AT;
  const session = {
    uid: 'here',
    startedAt: STARTED_AT,
    sites: [MUNICIPALITY],
    client: SAMPLE_CLIENT,
    usedAt,
  };
  return { ...session, ...props };
}

/** A session on a phone, and one that the previous version saved. */
const OTHER_SESSIONS: readonly SessionView[] = [
  composeSessionSample({
    uid: 'phone',
    startedAt: new Date('2026-11-24T09:40:00Z'),
    usedAt: new Date('2026-11-24T10:55:00Z'),
    client: { browser: 'Safari', system: 'iOS', network: '2001:db8:0:1::/64' },
    sites: [MUNICIPALITY, BANK],
  }),
  composeSessionSample({ uid: 'old', startedAt: new Date('2026-11-24T07:05:00Z'), client: null, sites: [] }),
];

const composeSample = (state: string, props: Partial<SessionPage>) => ({
  state,
  render: (frame: PageFrame) =>
    SessionPage({
      ...frame,
      here: composeSessionSample(),
      elsewhere: [],
      kinds: BOTH_KINDS,
      signedInAt: STARTED_AT,
      csrf: 'csrf',
      network: SAMPLE_CLIENT.network,
      ...props,
    }),
});

export const SESSION_GALLERY = {
  session: [
    composeSample('one-site', {}),
    composeSample('several', {
      here: composeSessionSample({ sites: [BANK, MUNICIPALITY] }),
      elsewhere: OTHER_SESSIONS,
    }),
    composeSample('password-alone', { kinds: KNOWLEDGE }),
  ],
  'no-session': [{ state: 'first', render: (frame: PageFrame) => NoSessionPage(frame) }],
};
