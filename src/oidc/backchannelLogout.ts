/**
 * Tells a relying party that a person is logged out everywhere there: a log-out token for the person, minted anew at
 * each try (OpenID Connect Back-Channel Logout 1.0, 2.4). It is called from the queue; nobody waits for it.
 */
import type { Client, Provider } from 'oidc-provider';
import { runInUnitOfWork, UnitOfWork } from '../store/unitOfWork.ts';

type Tell = (this: Client, accountId: string) => Promise<void>;

/** @returns the teller; a relying party that is gone, or wants no word, has nothing to be told. */
export function createLogoutTeller(provider: Provider) {
  const tell = Reflect.get(provider.Client.prototype, 'backchannelLogout') as Tell;
  return async (accountId: string, clientId: string): Promise<void> => {
    await runInUnitOfWork(new UnitOfWork(), async () => {
      const client = await provider.Client.find(clientId);
      if (client?.backchannelLogoutUri) await tell.call(client, accountId);
    });
  };
}
