/** What a session keeps through a sign-in, its person and its level, and what it does not keep: its id. */
import type { Provider } from 'oidc-provider';
import { isTwoFactor, kindsOfAmr } from '../../domain/signIn/levels.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';

type ProviderSession = InstanceType<Provider['Session']>;
interface SessionLogin {
  readonly accountId: string;
  readonly amr?: string[];
}

export function continueSessions(provider: Provider): void {
  const signedInHere = new WeakSet<ProviderSession>();
  renewSessionId(provider, signedInHere);
  preserveSessionLevel(provider, signedInHere);
}

/**
 * The provider gives a session a new id at the end of each request that was resumed. Here a sign-in does so:
 * a copy of the cookie from before it is worth nothing after it. The former id of the same person's session
 * is good for a minute, and leads to the same session: of two tabs that finish at once, none is left with a
 * cookie for nothing. Where nobody signed in, the id stays: nobody gets a newer id for a former one.
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
 * The level of a session never falls. A password alone, for a relying party that is content with it, ends in another tab
 * just after a key was given in this one: the session stands on the key, and says so, with the time of the key.
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
        // What is given now stands on the sign-in of before, for better or worse.
        const unit = requireUnitOfWork();
        unit.signedInAt = unit.session?.loginAt ?? unit.signedInAt;
        return;
      }
      signedInHere.add(this);
      login.call(this, details);
    },
  );
}
