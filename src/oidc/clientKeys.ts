/**
 * The keys of a relying party that publishes them at an address of its own. The engine reads them within the request
 * that needs them, fails with it when it cannot, and reads them again only when a signature does not fit: a key that was
 * taken back would be good for as long as the client is kept. Here they are read anew beside the requests, every minute
 * that they are used. What was read last is good until something newer is read: a relying party whose server is away
 * still gets its tokens, on every node, also after a restart.
 */
import type { Client } from 'oidc-provider';
import type { RelyingParty } from '../core/relyingParty.ts';
import type { Log } from '../platform/log.ts';
import type { Database } from '../store/database.ts';
import { keepSeenJwks, type SeenJwks } from '../store/relyingParties.ts';

/** The engine's store of a client's keys, as far as it is used here. */
interface KeyStore extends Iterable<object> {
  freshUntil?: number;
  add(key: object): void;
  refresh(): Promise<void>;
  stale(): boolean;
}

/** Before it is asked again: each time costs whoever waits for the answer. */
const ASK_AGAIN_SECONDS = 60;

/** @returns to be called whenever the relying party is met: has its keys read where that was long ago; waits for nothing */
export function keepKeys(
  client: Client,
  rp: RelyingParty,
  seenJwks: SeenJwks | null,
  { database, log, now }: { database: Database; log: Log; now: () => Date },
): () => void {
  if (!rp.jwks_uri || rp.token_endpoint_auth_method !== 'private_key_jwt') return () => undefined;
  const { jwks_uri: jwksUri } = rp;
  const store = Reflect.get(client, 'asymmetricKeyStore') as KeyStore;
  for (const key of seenJwks?.keys ?? []) store.add(key);
  let seen = JSON.stringify([...store]);
  const read = store.refresh.bind(store);
  const inAMinute = () => Math.floor(now().getTime() / 1000) + ASK_AGAIN_SECONDS;
  store.refresh = async () => {
    if (!store.stale()) return;
    try {
      await read();
    } catch (error) {
      if ([...store].length === 0) {
        // The engine takes the keeping time of an answer that held no keys, too.
        store.freshUntil = Math.min(store.freshUntil ?? 0, inAMinute());
        throw error;
      }
      store.freshUntil = inAMinute();
      log.warn({ clientId: rp.client_id, err: error }, 'keys could not be read; those of before are used');
      return;
    }
    // Its server may say that they keep for a year; a key that was taken back must not.
    store.freshUntil = Math.min(store.freshUntil ?? 0, inAMinute());
    const keys = JSON.stringify([...store]);
    if (keys === seen) return;
    seen = keys;
    // Its next node may need them; this one has them, and does not wait.
    keepSeenJwks(database, { clientId: rp.client_id, jwksUri }, { keys: [...store] }).catch(
      (error: unknown) =>
        log.warn({ clientId: rp.client_id, err: error }, 'keys that were read could not be kept'),
    );
  };
  return () => {
    if (!store.stale()) return;
    store
      .refresh()
      .catch((error: unknown) => log.warn({ clientId: rp.client_id, err: error }, 'keys could not be read'));
  };
}
