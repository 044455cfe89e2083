/** What the engine keeps of registrations: relying parties, and the tokens that open and manage their registrations. */
import { errors, Provider, type Adapter } from 'oidc-provider';
import { initialAccessTokenId } from '../core/registration/clientSecrets.ts';
import { findInitialAccessToken } from '../store/initialAccessTokens.ts';
import {
  changeRelyingParty,
  findManaged,
  keepManagementToken,
  registerRelyingParty,
  removeRelyingParty,
} from '../store/registrations.ts';
import type { Clients } from './clients.ts';
import { BY_TABLE, preparedOf, type RegistrationGround } from './registration.ts';

/** The engine's storage of relying parties. It finds them elsewhere (clients.ts). */
export function clientAdapter({ database, keyring }: RegistrationGround, clients: Clients): Adapter {
  return {
    ...refuseAll(),
    async upsert(clientId) {
      const ctx = Provider.ctx;
      const change = ctx && preparedOf(ctx);
      if (!ctx || change?.rp.client_id !== clientId) throw new Error('a registration that was not prepared');
      const { rp, before, state, proposed } = change;
      if (before) {
        const { version } = before;
        if (!(await changeRelyingParty(database, { rp, version, proposed, policy: null }))) {
          throw new errors.InvalidRequest('the registration was changed by another request just now', 409);
        }
      } else {
        const token = initialAccessTokenId(keyring, ctx.oidc.entities.InitialAccessToken?.jti ?? '');
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

/** Good once, until it expires, for what its policy says. Made by operators (usecases/relyingParties). */
export function initialAccessTokenAdapter({ database, keyring }: RegistrationGround): Adapter {
  return {
    ...refuseAll(),
    async find(token) {
      const found = await findInitialAccessToken(database, initialAccessTokenId(keyring, token));
      if (!found) return undefined;
      const exp = Math.floor(found.expiresAt.getTime() / 1000);
      return { jti: token, kind: 'InitialAccessToken', exp, policies: [BY_TABLE] };
    },
  };
}

/** One a relying party, kept with it: it ends with its registration. */
export function registrationAccessTokenAdapter({ database, keyring }: RegistrationGround): Adapter {
  const idOf = (token: string) =>
    keyring.hmac('records', `registration access token ${token}`, keyring.oldestKid('records'));
  return {
    ...refuseAll(),
    async find(token) {
      const clientId = await findManaged(database, idOf(token));
      if (clientId === null) return undefined;
      return {
        jti: token,
        kind: 'RegistrationAccessToken',
        clientId,
        policies: [BY_TABLE],
      };
    },
    async upsert(token, { clientId }) {
      await keepManagementToken(database, String(clientId), idOf(token));
    },
    // The engine would end the token of whoever sends it to the address of another relying party: one slip of a finger,
    // and a registration that nobody can look after any more. It ends with its registration alone.
    destroy: () => Promise.resolve(),
  };
}

function refuseAll(): Adapter {
  const refuse = () => Promise.reject(new Error('registrations are not asked for in this way'));
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
