/**
 * Client assertions and DPoP proofs are good once: single use is ours to keep, for the provider looks first
 * and saves afterwards.
 */
import { Provider } from 'oidc-provider';
import type { Keyring } from '../../platform/keyring.ts';
import type { Database } from '../../db/database.ts';
import { saveReplayId } from '../../db/oidc/oidcRecords.ts';

/**
 * The provider asks to remember a DPoP proof until 300 s from now, but takes a proof whose `iat` lies up to
 * 300 s ahead until 300 s after that `iat`: 600 s from now, and almost a second more, for both times are
 * cut to seconds. In between, a proof that was forgotten could be used again. The rest of this is for nodes
 * whose clocks differ. A proof with a nonce needs no more: a nonce is good for five steps of 60 s, whatever
 * the `iat`.
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
 * Anybody can make proofs for these, without end, and each would be a row. A proof that is used again here
 * gives nothing: what was pushed with it is bound to its key, no matter who sent it.
 */
function isPushWithoutAuthentication(): boolean {
  const oidc = Provider.ctx?.oidc;
  return oidc?.route === 'pushed_authorization_request' && oidc.client?.clientAuthMethod === 'none';
}
