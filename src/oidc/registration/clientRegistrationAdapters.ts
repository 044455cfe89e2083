/**
 * The provider's storage for registrations: relying parties, and the tokens that create and manage their
 * registrations.
 */
import { errors, Provider, type Adapter } from 'oidc-provider';
import { hashInitialAccessToken } from '../../domain/relyingParty/clientSecrets.ts';
import { findInitialAccessToken } from '../../db/oidc/initialAccessTokens.ts';
import {
  changeRelyingParty,
  findManagedClient,
  saveManagementToken,
  registerRelyingParty,
  removeRelyingParty,
} from '../../db/oidc/clientRegistrations.ts';
import type { ClientCache } from './clients.ts';
import {
  CUSTOM_PROPERTIES,
  findPreparedRegistration,
  type ClientRegistrationDeps,
} from './clientRegistration.ts';

/** The provider's storage of relying parties. Lookups go through the client cache (clients.ts). */
export function createClientAdapter(
  { database, keyring }: ClientRegistrationDeps,
  clients: ClientCache,
): Adapter {
  return {
    ...createRefusingAdapter(),
    async upsert(clientId) {
      const ctx = Provider.ctx;
      const change = ctx && findPreparedRegistration(ctx);
      if (!ctx || change?.rp.client_id !== clientId) throw new Error('a registration that was not prepared');
      const { rp, before, state, proposed } = change;
      if (before) {
        const { version } = before;
        if (!(await changeRelyingParty(database, { rp, version, proposed, policy: null }))) {
          throw new errors.InvalidRequest('the registration was changed by another request just now', 409);
        }
      } else {
        const token = hashInitialAccessToken(keyring, ctx.oidc.entities.InitialAccessToken?.jti ?? '');
        const first = state === 'pending' ? 'pending' : 'active';
        if (!(await registerRelyingParty(database, token, rp, first))) {
          throw new errors.InvalidToken('initial access token was used just now');
        }
      }
      clients.forget(clientId);
    },
    async destroy(clientId) {
      await removeRelyingParty(database, clientId);
      clients.forget(clientId);
    },
  };
}

/**
 * Initial access tokens: valid once, until they expire, for what their policy allows. Operators create them.
 */
export function createInitialAccessTokenAdapter({ database, keyring }: ClientRegistrationDeps): Adapter {
  return {
    ...createRefusingAdapter(),
    async find(token) {
      const found = await findInitialAccessToken(database, hashInitialAccessToken(keyring, token));
      if (!found) return undefined;
      const exp = Math.floor(found.expiresAt.getTime() / 1000);
      return { jti: token, kind: 'InitialAccessToken', exp, policies: [CUSTOM_PROPERTIES] };
    },
  };
}

/** Registration access tokens: one for each relying party, stored with it; it ends with the registration. */
export function createRegistrationAccessTokenAdapter({ database, keyring }: ClientRegistrationDeps): Adapter {
  const idOf = (token: string) =>
    keyring.hmac('records', `registration access token ${token}`, keyring.oldestKid('records'));
  return {
    ...createRefusingAdapter(),
    async find(token) {
      const clientId = await findManagedClient(database, idOf(token));
      if (clientId === null) return undefined;
      return {
        jti: token,
        kind: 'RegistrationAccessToken',
        clientId,
        policies: [CUSTOM_PROPERTIES],
      };
    },
    async upsert(token, { clientId }) {
      await saveManagementToken(database, String(clientId), idOf(token));
    },
    // The provider would end the token of a client that sends it to the URL of another client: after one
    // typing error no one could manage the registration. The token ends only with its registration.
    destroy: () => Promise.resolve(),
  };
}

function createRefusingAdapter(): Adapter {
  const refuse = () => Promise.reject(new Error('this method is not used for registrations'));
  return {
    find: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}
