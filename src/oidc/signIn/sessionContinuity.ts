/** What a sign-in changes in a session: its id. What stays: its person, and at least its level. */
import type { Provider } from 'oidc-provider';
import { isTwoFactor, kindsOfAmr } from '../../domain/signIn/levels.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { stateRequestedAcr } from './requestedAcr.ts';

type ProviderSession = InstanceType<Provider['Session']>;
interface SessionLogin {
  readonly accountId: string;
  readonly amr?: string[];
}

export function continueSessions(provider: Provider): void {
  const signedInHere = new WeakSet<ProviderSession>();
  renewSessionId(provider, signedInHere);
  preserveSessionLevel(provider, signedInHere);
  stateRequestedAcr(provider);
}

/**
 * The provider gives a session a new id at the end of each resumed request. Here only a sign-in does: a copy
 * of the earlier cookie is no longer valid after it. The former id of the same person's session stays
 * valid for a minute and leads to the same session: when two tabs finish concurrently, none is left with a
 * cookie of no session. Where no one signed in, the id stays: no one can exchange a former id for a newer
 * one.
 */
function renewSessionId(provider: Provider, signedInHere: WeakSet<ProviderSession>): void {
  const { prototype } = provider.Session;
  const reset = Reflect.get(prototype, 'resetIdentifier');
  prototype.resetIdentifier = function renewWhereSignedIn(this: ProviderSession) {
    const unit = requireUnitOfWork();
    const isSamePerson = unit.session !== null && unit.session.accountId === this.accountId;
    if (isSamePerson && !signedInHere.has(this)) return;
    if (isSamePerson) unit.formerSession = { id: this.jti, uid: this.uid };
    reset.call(this);
  };
}

/**
 * The level of a session never falls. A password-only sign-in, for a relying party that accepts it, may
 * finish in another tab just after a key was given in this one: the session keeps the key's level, methods
 * and time.
 */
function preserveSessionLevel(provider: Provider, signedInHere: WeakSet<ProviderSession>): void {
  const { prototype } = provider.Session;
  const login = Reflect.get(prototype, 'loginAccount');
  Reflect.set(
    prototype,
    'loginAccount',
    function loginUnlessLower(this: ProviderSession, details: SessionLogin) {
      const isSame = this.accountId === details.accountId;
      if (isSame && isTwoFactor(kindsOfAmr(this.amr)) && !isTwoFactor(kindsOfAmr(details.amr))) {
        // What is issued now depends on the earlier sign-in, including its end.
        const unit = requireUnitOfWork();
        unit.signedInAt = unit.session?.loginAt ?? unit.signedInAt;
        return;
      }
      signedInHere.add(this);
      login.call(this, details);
    },
  );
}
