/** The provider's own cookies: session, interaction and resume. */
import type { Configuration } from 'oidc-provider';
import type { Keyring } from '../../platform/keyring.ts';
import { composeSessionCookieName } from '../signIn/browserSessions.ts';

export function composeCookieConfiguration({
  isSecure,
  keyring,
}: {
  readonly isSecure: boolean;
  readonly keyring: Keyring;
}): Configuration {
  // Not signed: an id of 256 random bits is as hard to forge as a signature, and the content of an
  // interaction is sealed in its own cookie.
  const shared = { signed: false, httpOnly: true, sameSite: 'lax', secure: isSecure } as const;
  return {
    cookies: {
      keys: keyring.exportTexts('cookies'),
      // Interaction cookies have the path of their interaction, which `__Host-` does not allow.
      names: {
        session: composeSessionCookieName(isSecure),
        interaction: isSecure ? '__Secure-noegle-interaction' : 'noegle-interaction',
        resume: isSecure ? '__Secure-noegle-resume' : 'noegle-resume',
      },
      long: { ...shared, path: '/' },
      short: shared,
    },
  };
}
