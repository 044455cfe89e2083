/** The pages of the playground, in every state. */
import type { PageFrame } from '../../ui/layout.tsx';
import { ADVICE_BY_CODE } from '../../domain/errors/errorTable.ts';
import { AnswerPage } from './answer.page.tsx';
import { PlaygroundPage, RequestPage } from './form.page.tsx';
import { CardPage, PeoplePage } from './people.page.tsx';

const parameters = {
  client_id: 'sandbox-public',
  response_type: 'code',
  redirect_uri: 'http://localhost:3000/developers/cb',
  scope: 'openid profile',
  state: 'AmsxW7cEdm1XPlR0YVxSmEZ8c2VhbGVk'.repeat(8),
  code_challenge_method: 'S256',
};
const person = {
  fullName: 'Anna Andersen',
  about: 'public sites on',
  userId: 'anna-andersen',
  password: 'anna-1',
};
const keys = Array.from({ length: 148 }, (_, i) => ({
  number: String(i * 67).padStart(4, '0'),
  key: String(100_000 + i * 6_007),
  isSpent: i < 5,
}));
const exchange = {
  what: 'The code is redeemed, with the code verifier',
  request: 'POST /token\n\n  grant_type=authorization_code\n  code=R4nd0m',
  status: 200,
  response: '{\n  "access_token": "x"\n}',
};
const nothing = {
  asked: null,
  query: {},
  exchanges: [],
  token: null,
  advice: null,
  box: null,
  canRefresh: false,
  logoutUrl: null,
};

export const DEVELOPERS_GALLERY = {
  developers: [
    {
      state: 'first',
      render: (frame: PageFrame) =>
        PlaygroundPage({
          ...frame,
          relyingParties: [{ clientId: 'sandbox-public', kind: 'public' }],
          scopes: ['profile', 'ssn'],
        }),
    },
    {
      state: 'a call that failed',
      render: (frame: PageFrame) =>
        PlaygroundPage({
          ...frame,
          relyingParties: [{ clientId: 'sandbox-public', kind: 'public' }],
          scopes: ['profile'],
          failedCalls: [
            {
              at: new Date('2026-11-24T13:05:00Z'),
              url: 'http://localhost:4000/backchannel-logout',
              why: 'connect ECONNREFUSED 127.0.0.1:4000',
            },
          ],
        }),
    },
  ],
  'developers-request': [
    { state: 'first', render: (frame: PageFrame) => RequestPage({ ...frame, parameters, path: '/auth' }) },
  ],
  'developers-answer': [
    {
      state: 'signed-in',
      render: (frame: PageFrame) =>
        AnswerPage({
          ...frame,
          ...nothing,
          asked: parameters,
          query: { code: 'R4nd0m', iss: 'http://localhost:3000' },
          exchanges: [exchange],
          token: {
            header: '{\n  "alg": "ES256"\n}',
            payload: '{\n  "sub": "x",\n  "acr": "y"\n}',
            kid: 'k1',
          },
          box: 'sealed',
          canRefresh: true,
          logoutUrl: '/session/end?id_token_hint=x',
        }),
    },
    {
      state: 'refused',
      render: (frame: PageFrame) =>
        AnswerPage({
          ...frame,
          ...nothing,
          asked: parameters,
          query: {
            error: 'access_denied',
            error_description: 'user_cancelled: the person gave up the sign-in',
          },
          advice: ADVICE_BY_CODE.user_cancelled,
        }),
    },
    {
      state: 'later',
      render: (frame: PageFrame) =>
        AnswerPage({ ...frame, ...nothing, exchanges: [exchange], box: 'sealed', canRefresh: true }),
    },
  ],
  'developers-people': [
    { state: 'first', render: (frame: PageFrame) => PeoplePage({ ...frame, people: [person] }) },
  ],
  'developers-card': [
    {
      state: 'asked',
      render: (frame: PageFrame) =>
        CardPage({ ...frame, person, card: { cardNumber: 'A123-456-789', keys, asked: '0670' } }),
    },
    { state: 'none', render: (frame: PageFrame) => CardPage({ ...frame, person, card: null }) },
  ],
};
