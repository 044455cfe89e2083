/**
 * The keys of a relying party that publishes them at an address of its own. The engine reads them within the request
 * that needs them, fails with it when it cannot, and reads them again only when a signature does not fit: a key that was
 * taken back would be good for as long as the client is kept. Here they are read anew beside the requests, every minute
 * that they are used. What was read last is good until something newer is read: a relying party whose server is away
 * still gets its tokens, on every node, also after a restart.
 */
import type { Client, Configuration } from 'oidc-provider';
import { readKeys, dropEd25519Alg } from '../../domain/relyingParty/keySet.ts';
import type { RelyingParty } from '../../domain/relyingParty/relyingParty.ts';
import type { Log } from '../../platform/log.ts';
import type { Database } from '../../db/database.ts';
import { saveSeenJwks, type FetchedJwks } from '../../db/oidc/relyingParties.ts';

/** The engine's store of a client's keys, as far as it is used here. */
interface ClientKeyStore extends Iterable<object> {
  freshUntil?: number;
  add(key: object): void;
  refresh(): Promise<void>;
  stale(): boolean;
}

/** Before it is asked again: each time costs whoever waits for the answer. */
const REFRESH_SECONDS = 60;

/** @returns to be called whenever the relying party is met: has its keys read where that was long ago; waits for nothing */
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
  const inAMinute = () => Math.floor(now().getTime() / 1000) + REFRESH_SECONDS;
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
    saveSeenJwks(database, { clientId: rp.client_id, jwksUri }, { keys: [...store] }).catch(
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

type ProviderFetch = NonNullable<Configuration['fetch']>;

/** Twenty keys with their certificates are a tenth of it. */
export const MAX_KEY_SET_BYTES = 64 * 1024;

/**
 * The provider takes a set whole or not at all. It sees the members that can be used, of what it asks for by
 * GET: that is key sets alone. Where none is left of those that there were, nothing was read, and what was
 * read before counts.
 */
export function filterUsableKeys(fetch: ProviderFetch, log: Log): ProviderFetch {
  return async (given, options) => {
    const response = await fetch(given, options);
    if (options?.method !== 'GET' || response.status !== 200) return response;
    const text = await readResponseText(response);
    const keys = parseKeySet(text);
    const { headers, status } = response;
    // No set: the provider says so.
    if (!keys) return new Response(text, { headers, status });
    const { usable, faults } = readKeys(keys);
    if (faults.length > 0)
      log.warn({ jwksUri: readFetchUrl(given), faults }, 'keys that cannot be used are left out');
    if (keys.length > 0 && usable.length === 0) throw new Error(`no key can be used: ${faults.join('; ')}`);
    return new Response(JSON.stringify({ keys: usable.map(dropEd25519Alg) }), { headers, status });
  };
}

function readFetchUrl(given: Parameters<ProviderFetch>[0]): string {
  return given instanceof Request ? given.url : String(given);
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
