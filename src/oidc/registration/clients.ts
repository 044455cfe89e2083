/**
 * Relying parties as the provider's clients. A client is cached, with the keys that were fetched for it,
 * until its registration has another version; the provider's own cache holds a hundred, and fetches the keys
 * of the next within a sign-in. The version is checked every two seconds, so that a change takes effect on
 * every node within that time. Unknown ids are not cached, so that no one can fill the memory.
 */
import type { Client, ClientMetadata } from 'oidc-provider';
import { DEFAULT_LANGUAGE, fieldIn } from '../../domain/language/language.ts';
import { readKeys, dropEd25519Alg } from '../../domain/relyingParty/keySet.ts';
import { CLIENT_ID } from '../../domain/relyingParty/clientMetadata.ts';
import type { RelyingParty } from '../../domain/relyingParty/relyingParty.ts';
import type { Database } from '../../db/database.ts';
import { findActiveRelyingParty, type FetchedJwks } from '../../db/oidc/relyingParties.ts';

/** The promise is two seconds; the query takes the rest. */
const CACHE_MS = 1_500;
const MAX_CACHED = 5_000;

/** A relying party as the provider uses it. */
export interface ProviderClient {
  readonly client: Client;
  /** Fetches the published keys when they are old; does not wait. */
  refreshKeys(): void;
}

interface CachedClient {
  readonly built: ProviderClient;
  readonly isPending: boolean;
  readonly version: number;
  readonly until: number;
}

export interface ClientCacheDeps {
  readonly database: Database;
  readonly now: () => Date;
  /** Makes the provider's client of a relying party. */
  build(rp: RelyingParty, seenJwks: FetchedJwks | null): ProviderClient;
}

export class ClientCache {
  readonly #deps: ClientCacheDeps;
  readonly #cached = new Map<string, CachedClient>();

  constructor(deps: ClientCacheDeps) {
    this.#deps = deps;
  }

  /**
   * @param options.includesPending also returns a client that no one can sign in at yet, because it may
   *   manage its registration.
   */
  async find(clientId: unknown, options: { includesPending: boolean }): Promise<Client | undefined> {
    if (typeof clientId !== 'string' || !CLIENT_ID.test(clientId)) return undefined;
    const stored = await this.#findFresh(clientId);
    return stored && (options.includesPending || !stored.isPending) ? stored.built.client : undefined;
  }

  /** Called after a change on this node, so that it takes effect here immediately. */
  forget(clientId: string): void {
    this.#cached.delete(clientId);
  }

  async #findFresh(clientId: string): Promise<CachedClient | undefined> {
    const { database, now } = this.#deps;
    const askedAt = now().getTime();
    const known = this.#cached.get(clientId);
    if (known && known.until > askedAt) return known;
    const served = await findActiveRelyingParty(database, clientId, known?.version ?? null);
    this.#cached.delete(clientId);
    if (!served) return undefined;
    const { isPending, version } = served;
    const built = served.rp ? this.#deps.build(served.rp, served.seenJwks) : known?.built;
    if (!built) return undefined;
    // No call is made to the server of a client that no operator has approved.
    if (!served.isPending) built.refreshKeys();
    const stored = { built, isPending, version, until: askedAt + CACHE_MS };
    // The client that was looked up longest ago is dropped first.
    const [oldest] = this.#cached.keys();
    if (this.#cached.size >= MAX_CACHED && oldest !== undefined) this.#cached.delete(oldest);
    this.#cached.set(clientId, stored);
    return stored;
  }
}

export function toClientMetadata(rp: RelyingParty): ClientMetadata {
  // The provider rejects a registration with a key that it cannot read.
  const keys = rp.jwks && readKeys(rp.jwks.keys).usable.map(dropEd25519Alg);
  return {
    ...rp,
    ...(keys ? { jwks: { keys: [...keys] } } : {}),
    client_name: rp[fieldIn('name', DEFAULT_LANGUAGE)],
    response_types: ['code'],
    subject_type: 'pairwise',
  };
}
