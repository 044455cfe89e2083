/**
 * Replay detection for client assertions and DPoP proofs. The provider reads first and saves afterwards, so
 * single use is enforced here.
 */
import { Provider } from 'oidc-provider';
import type { Keyring } from '../../platform/keyring.ts';
import type { Database } from '../../db/database.ts';
import { saveReplayId } from '../../db/oidc/oidcRecords.ts';

/**
 * The provider asks to remember a DPoP proof until 300 s from now, but accepts a proof whose `iat` lies up to
 * 300 s in the future until 300 s after that `iat`: 600 s from now, and almost a second more, because both
 * times are truncated to seconds. In between, a forgotten proof could be used again. The rest is for nodes
 * whose clocks differ. A proof with a nonce needs no more: a nonce is valid for five steps of 60 s,
 * regardless of the `iat`.
 */
const REPLAY_GRACE_SECONDS = 360;

export function recordReplayIds(
  provider: Provider,
  { database, keyring }: { database: Database; keyring: Keyring },
): void {
  provider.ReplayDetection.unique = async (iss: string, jti: string, exp: number) => {
    if (isPushWithoutAuthentication()) return true;
    const until = new Date((exp + REPLAY_GRACE_SECONDS) * 1000);
    return await saveReplayId(database, keyring.hmac('records', `replay ${iss} ${jti}`), until);
  };
}

/**
 * Anyone can create proofs for these clients, without end, and each would be a row. A replayed proof gains
 * nothing here: the pushed request is bound to the key of the proof, regardless of who sent it.
 */
function isPushWithoutAuthentication(): boolean {
  const oidc = Provider.ctx?.oidc;
  return oidc?.route === 'pushed_authorization_request' && oidc.client?.clientAuthMethod === 'none';
}
