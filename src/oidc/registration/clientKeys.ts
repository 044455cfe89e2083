/**
 * The keys of a relying party with a `jwks_uri`. The provider fetches them within the request that needs
 * them, fails with it when it cannot, and fetches them again only when a signature does not verify: a
 * withdrawn key would stay valid for as long as the client is cached. Here they are fetched in parallel with
 * the requests, at most once a minute and only while they are used. The keys that were read last stay valid
 * until newer ones are read: a relying party whose server is unavailable still gets its tokens, on every node
 * and after a restart.
 */
import type { Client, Configuration } from 'oidc-provider';
import { readKeys, dropEd25519Alg } from '../../domain/relyingParty/keySet.ts';
import type { RelyingParty } from '../../domain/relyingParty/relyingParty.ts';
import type { Log } from '../../platform/log.ts';
import type { Database } from '../../db/database.ts';
import { saveSeenJwks, type FetchedJwks } from '../../db/oidc/relyingParties.ts';

/** The part of the provider's key store that is used here. */
interface ClientKeyStore extends Iterable<object> {
  freshUntil?: number;
  add(key: object): void;
  refresh(): Promise<void>;
  stale(): boolean;
}

/** The time until the keys are fetched again; each fetch costs the caller that waits for it. */
const REFRESH_SECONDS = 60;

/**
 * @returns a function to call whenever the client is used: it fetches the keys when they are old, and does
 *   not wait
 */
export function refreshClientKeys(
  client: Client,
  rp: RelyingParty,
  seenJwks: FetchedJwks | null,
  { database, log, now }: { database: Database; log: Log; now: () => Date },
): () => void {
  if (!rp.jwks_uri || rp.token_endpoint_auth_method !== 'private_key_jwt') return () => undefined;
  const { jwks_uri: jwksUri } = rp;
  const store = Reflect.get(client, 'asymmetricKeyStore') as ClientKeyStore;
  for (const key of readKeys(seenJwks?.keys ?? []).usable) store.add(dropEd25519Alg(key));
  let seen = JSON.stringify([...store]);
  const read = store.refresh.bind(store);
  const nextRefresh = () => Math.floor(now().getTime() / 1000) + REFRESH_SECONDS;
  store.refresh = async () => {
    if (!store.stale()) return;
    try {
      await read();
    } catch (error) {
      if ([...store].length === 0) {
        // The provider also applies the cache time of a response that contained no keys.
        store.freshUntil = Math.min(store.freshUntil ?? 0, nextRefresh());
        throw error;
      }
      store.freshUntil = nextRefresh();
      log.warn(
        { clientId: rp.client_id, err: error },
        'keys could not be read; the previous ones stay in use',
      );
      return;
    }
    // The server may allow a year of caching; a withdrawn key must not stay valid that long.
    store.freshUntil = Math.min(store.freshUntil ?? 0, nextRefresh());
    const keys = JSON.stringify([...store]);
    if (keys === seen) return;
    seen = keys;
    // Saved for the other nodes; this one has the keys and does not wait.
    saveSeenJwks(database, { clientId: rp.client_id, jwksUri }, { keys: [...store] }).catch(
      (error: unknown) =>
        log.warn({ clientId: rp.client_id, err: error }, 'keys that were read could not be saved'),
    );
  };
  return () => {
    if (!store.stale()) return;
    store
      .refresh()
      .catch((error: unknown) => log.warn({ clientId: rp.client_id, err: error }, 'keys could not be read'));
  };
}

type ProviderFetch = NonNullable<Configuration['fetch']>;

/** Twenty keys with their certificates take a tenth of it. */
export const MAX_KEY_SET_BYTES = 64 * 1024;

/**
 * Filters key sets for the provider, which accepts a set as a whole or not at all. It gets the usable keys of
 * every response to a GET, which it sends only for key sets. Where keys were published and none is usable,
 * the fetch fails, and the keys read before stay in use.
 */
export function filterUsableKeys(fetch: ProviderFetch, log: Log): ProviderFetch {
  return async (input, options) => {
    const response = await fetch(input, options);
    if (options?.method !== 'GET' || response.status !== 200) return response;
    const text = await readResponseText(response);
    const keys = parseKeySet(text);
    const { headers, status } = response;
    // Not a key set: the provider reports that.
    if (!keys) return new Response(text, { headers, status });
    const { usable, faults } = readKeys(keys);
    if (faults.length > 0)
      log.warn({ jwksUri: readFetchUrl(input), faults }, 'keys that cannot be used are left out');
    if (keys.length > 0 && usable.length === 0) throw new Error(`no key can be used: ${faults.join('; ')}`);
    return new Response(JSON.stringify({ keys: usable.map(dropEd25519Alg) }), { headers, status });
  };
}

function readFetchUrl(input: Parameters<ProviderFetch>[0]): string {
  return input instanceof Request ? input.url : String(input);
}

function parseKeySet(text: string): unknown[] | null {
  try {
    const { keys } = Object(JSON.parse(text)) as { keys?: unknown };
    return Array.isArray(keys) ? keys : null;
  } catch {
    return null;
  }
}

async function readResponseText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_KEY_SET_BYTES) throw new Error(`a key set of more than ${MAX_KEY_SET_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
