/** What a session of the engine keeps through a sign-in: its id in two tabs at once, and the level that it stands on. */
import type { Provider } from 'oidc-provider';
import { hasKey } from '../core/levels.ts';
import { currentUnitOfWork } from '../store/unitOfWork.ts';

type Session = InstanceType<Provider['Session']>;
interface Login {
  readonly accountId: string;
  readonly amr?: string[];
}

export function keepSessions(provider: Provider): void {
  keepSessionId(provider);
  keepSessionLevel(provider);
}

/**
 * The engine gives a session a new id at the end of each sign-in. Where the same person was signed in at the same
 * level already, the id stays: of two tabs that finish at once, one would be left with a cookie for nothing.
 */
function keepSessionId(provider: Provider): void {
  const { prototype } = provider.Session;
  const reset = Reflect.get(prototype, 'resetIdentifier');
  prototype.resetIdentifier = function resetUnlessSame(this: Session) {
    const loaded = currentUnitOfWork().session;
    if (loaded && loaded.accountId === this.accountId && loaded.acr === this.acr) return;
    reset.call(this);
  };
}

/**
 * The level of a session never falls. A password alone, for a relying party that is content with it, ends in another tab
 * just after a key was given in this one: the session stands on the key, and says so, with the time of the key.
 */
function keepSessionLevel(provider: Provider): void {
  const { prototype } = provider.Session;
  const login = Reflect.get(prototype, 'loginAccount');
  Reflect.set(prototype, 'loginAccount', function loginUnlessLower(this: Session, details: Login) {
    const isSame = this.accountId === details.accountId;
    if (isSame && hasKey(this.amr ?? []) && !hasKey(details.amr ?? [])) {
      // What is given now stands on the sign-in of before, for better or worse.
      const unit = currentUnitOfWork();
      unit.signedInAt = unit.session?.loginAt ?? unit.signedInAt;
      return;
    }
    login.call(this, details);
  });
}
