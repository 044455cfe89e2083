/**
 * Relying parties as the engine wants them. One that was made is kept until its registration has another version, with
 * the keys that were read for it; the engine keeps a hundred, and reads the keys of the next within a sign-in. Whether the
 * version still stands is asked every two seconds, so that a change is felt everywhere within that time. Unknown ids are
 * not kept, so that nobody can fill the memory.
 */
import type { Client, ClientMetadata } from 'oidc-provider';
import { DEFAULT_LANGUAGE, fieldIn } from '../../domain/language/language.ts';
import { readKeys, dropEd25519Alg } from '../../domain/relyingParty/keySet.ts';
import { CLIENT_ID } from '../../domain/relyingParty/clientMetadata.ts';
import type { RelyingParty } from '../../domain/relyingParty/relyingParty.ts';
import type { Database } from '../../db/database.ts';
import { findActiveRelyingParty, type FetchedJwks } from '../../db/oidc/relyingParties.ts';

/** Less than the two seconds that are promised, by what the asking takes. */
const CACHE_MS = 1_500;
const MAX_CACHED = 5_000;

/** A relying party as the engine has it. */
export interface ProviderClient {
  readonly client: Client;
  /** Has its published keys read where that was long ago; waits for nothing. */
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
  /** Makes a relying party of the engine. */
  build(rp: RelyingParty, seenJwks: FetchedJwks | null): ProviderClient;
}

export class ClientCache {
  readonly #deps: ClientCacheDeps;
  readonly #cached = new Map<string, CachedClient>();

  constructor(deps: ClientCacheDeps) {
    this.#deps = deps;
  }

  /** @param options.evenPending also one that nobody can sign in at yet: it may look after its registration. */
  async find(clientId: unknown, options: { includesPending: boolean }): Promise<Client | undefined> {
    if (typeof clientId !== 'string' || !CLIENT_ID.test(clientId)) return undefined;
    const stored = await this.#findFresh(clientId);
    return stored && (options.includesPending || !stored.isPending) ? stored.built.client : undefined;
  }

  /** It was just changed here: nobody is told of what it was. */
  forget(clientId: string): void {
    this.#cached.delete(clientId);
  }

  async #findFresh(clientId: string): Promise<CachedClient | undefined> {
    const { database, now } = this.#deps;
    const asked = now().getTime();
    const known = this.#cached.get(clientId);
    if (known && known.until > asked) return known;
    const served = await findActiveRelyingParty(database, clientId, known?.version ?? null);
    this.#cached.delete(clientId);
    if (!served) return undefined;
    const { isPending, version } = served;
    const built = served.rp ? this.#deps.build(served.rp, served.seenJwks) : known?.built;
    if (!built) return undefined;
    // Nobody is called for one that no operator has looked at.
    if (!served.isPending) built.refreshKeys();
    const stored = { built, isPending, version, until: asked + CACHE_MS };
    // The one that was not asked for longest goes first.
    const [oldest] = this.#cached.keys();
    if (this.#cached.size >= MAX_CACHED && oldest !== undefined) this.#cached.delete(oldest);
    this.#cached.set(clientId, stored);
    return stored;
  }
}

export function toClientMetadata(rp: RelyingParty): ClientMetadata {
  // The provider takes no registration with a key that it cannot read.
  const keys = rp.jwks && readKeys(rp.jwks.keys).usable.map(dropEd25519Alg);
  return {
    ...rp,
    ...(keys ? { jwks: { keys: [...keys] } } : {}),
    client_name: rp[fieldIn('name', DEFAULT_LANGUAGE)],
    response_types: ['code'],
    subject_type: 'pairwise',
  };
}
