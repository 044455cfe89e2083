/**
 * Tells a relying party that a person is logged out there: a log-out token, minted anew at each try (OpenID Connect
 * Back-Channel Logout 1.0, 2.4). It is called from the outbox; nobody waits for it.
 */
import type { Client, Provider } from 'oidc-provider';
import { runInUnitOfWork, UnitOfWork } from '../../db/unitOfWork.ts';

type BackchannelLogoutMethod = (this: Client, accountId: string, sid?: string) => Promise<void>;

/**
 * The engine would tell within the request, and whoever logs out would wait for a relying party that is down: from now
 * on what ends says who is told (oidc/logout/logout.ts), and what the provider did is left to this.
 * @returns the teller; a relying party that is gone, or wants no word, has nothing to be told.
 */
export function createLogoutNotifier(provider: Provider) {
  const { prototype } = provider.Client;
  const tell = Reflect.get(prototype, 'backchannelLogout') as BackchannelLogoutMethod;
  Reflect.set(prototype, 'backchannelLogout', () => Promise.resolve());

  return async (accountId: string, clientId: string, sid: string | null): Promise<void> => {
    await runInUnitOfWork(new UnitOfWork(), async () => {
      const client = await provider.Client.find(clientId);
      if (client?.backchannelLogoutUri) await tell.call(client, accountId, sid ?? undefined);
    });
  };
}
