/**
 * Notifies a relying party that a person is logged out there, with a logout token that is created for each
 * attempt (OpenID Connect Back-Channel Logout 1.0, 2.4). The outbox calls it; no request waits for it.
 */
import type { Client, Provider } from 'oidc-provider';
import { runInUnitOfWork, UnitOfWork } from '../../db/unitOfWork.ts';

type BackchannelLogoutMethod = (this: Client, accountId: string, sid?: string) => Promise<void>;

/**
 * Replaces the provider's back-channel logout. The provider would notify within the request, and a person who
 * logs out would wait for a relying party that is down. From then on oidc/logout/logout.ts records which
 * relying parties are notified, and the provider's own method is called only here.
 * @returns the notifier; it does nothing for a relying party that no longer exists or has no
 *   `backchannel_logout_uri`.
 */
export function createLogoutNotifier(provider: Provider) {
  const { prototype } = provider.Client;
  const notify = Reflect.get(prototype, 'backchannelLogout') as BackchannelLogoutMethod;
  Reflect.set(prototype, 'backchannelLogout', () => Promise.resolve());

  return async (accountId: string, clientId: string, sid: string | null): Promise<void> => {
    await runInUnitOfWork(new UnitOfWork(), async () => {
      const client = await provider.Client.find(clientId);
      if (client?.backchannelLogoutUri) await notify.call(client, accountId, sid ?? undefined);
    });
  };
}
