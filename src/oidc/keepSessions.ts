/** What a session keeps through a sign-in, its person and its level, and what it does not keep: its id. */
import type { Provider } from 'oidc-provider';
import { isTwoFactor, kindsOfAmr } from '../core/levels.ts';
import { currentUnitOfWork } from '../store/unitOfWork.ts';

type Session = InstanceType<Provider['Session']>;
interface Login {
  readonly accountId: string;
  readonly amr?: string[];
}

export function keepSessions(provider: Provider): void {
  const signedInHere = new WeakSet<Session>();
  renewSessionId(provider, signedInHere);
  keepSessionLevel(provider, signedInHere);
}

/**
 * The provider gives a session a new id at the end of each request that was resumed. Here a sign-in does so:
 * a copy of the cookie from before it is worth nothing after it. The former id of the same person's session
 * is good for a minute, and leads to the same session: of two tabs that finish at once, none is left with a
 * cookie for nothing. Where nobody signed in, the id stays: nobody gets a newer id for a former one.
 */
function renewSessionId(provider: Provider, signedInHere: WeakSet<Session>): void {
  const { prototype } = provider.Session;
  const reset = Reflect.get(prototype, 'resetIdentifier');
  prototype.resetIdentifier = function renewWhereSignedIn(this: Session) {
    const unit = currentUnitOfWork();
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
function keepSessionLevel(provider: Provider, signedInHere: WeakSet<Session>): void {
  const { prototype } = provider.Session;
  const login = Reflect.get(prototype, 'loginAccount');
  Reflect.set(prototype, 'loginAccount', function loginUnlessLower(this: Session, details: Login) {
    const isSame = this.accountId === details.accountId;
    if (isSame && isTwoFactor(kindsOfAmr(this.amr)) && !isTwoFactor(kindsOfAmr(details.amr))) {
      // What is given now stands on the sign-in of before, for better or worse.
      const unit = currentUnitOfWork();
      unit.signedInAt = unit.session?.loginAt ?? unit.signedInAt;
      return;
    }
    signedInHere.add(this);
    login.call(this, details);
  });
}
