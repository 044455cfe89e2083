/**
 * Relying parties as the engine wants them. One that was made is kept until its registration has another version, with
 * the keys that were read for it; the engine keeps a hundred, and reads the keys of the next within a sign-in. Whether the
 * version still stands is asked every two seconds, so that a change is felt everywhere within that time. Unknown ids are
 * not kept, so that nobody can fill the memory.
 */
import type { Client, ClientMetadata } from 'oidc-provider';
import { DEFAULT_LANGUAGE, fieldIn } from '../core/language/language.ts';
import { readKeys, underBothNames } from '../core/registration/keySet.ts';
import { CLIENT_ID } from '../core/registration/clientMetadata.ts';
import type { RelyingParty } from '../core/relyingParty.ts';
import type { Database } from '../store/database.ts';
import { findServed, type SeenJwks } from '../store/relyingParties.ts';

/** Less than the two seconds that are promised, by what the asking takes. */
const KEPT_MS = 1_500;
const KEPT_AT_MOST = 5_000;

/** A relying party as the engine has it. */
export interface BuiltClient {
  readonly client: Client;
  /** Has its published keys read where that was long ago; waits for nothing. */
  refreshKeys(): void;
}

interface Kept {
  readonly built: BuiltClient;
  readonly isPending: boolean;
  readonly version: number;
  readonly until: number;
}

export interface ClientsGround {
  readonly database: Database;
  readonly now: () => Date;
  /** Makes a relying party of the engine. */
  build(rp: RelyingParty, seenJwks: SeenJwks | null): BuiltClient;
}

export class Clients {
  readonly #ground: ClientsGround;
  readonly #kept = new Map<string, Kept>();

  constructor(ground: ClientsGround) {
    this.#ground = ground;
  }

  /** @param options.evenPending also one that nobody can sign in at yet: it may look after its registration. */
  async find(clientId: unknown, options: { evenPending: boolean }): Promise<Client | undefined> {
    if (typeof clientId !== 'string' || !CLIENT_ID.test(clientId)) return undefined;
    const kept = await this.#fresh(clientId);
    return kept && (options.evenPending || !kept.isPending) ? kept.built.client : undefined;
  }

  /** It was just changed here: nobody is told of what it was. */
  forget(clientId: string): void {
    this.#kept.delete(clientId);
  }

  async #fresh(clientId: string): Promise<Kept | undefined> {
    const { database, now } = this.#ground;
    const asked = now().getTime();
    const known = this.#kept.get(clientId);
    if (known && known.until > asked) return known;
    const served = await findServed(database, clientId, known?.version ?? null);
    this.#kept.delete(clientId);
    if (!served) return undefined;
    const { isPending, version } = served;
    const built = served.rp ? this.#ground.build(served.rp, served.seenJwks) : known?.built;
    if (!built) return undefined;
    // Nobody is called for one that no operator has looked at.
    if (!served.isPending) built.refreshKeys();
    const kept = { built, isPending, version, until: asked + KEPT_MS };
    // The one that was not asked for longest goes first.
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT_AT_MOST && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(clientId, kept);
    return kept;
  }
}

export function toMetadata(rp: RelyingParty): ClientMetadata {
  // The provider takes no registration with a key that it cannot read.
  const keys = rp.jwks && readKeys(rp.jwks.keys).usable.map(underBothNames);
  return {
    ...rp,
    ...(keys ? { jwks: { keys: [...keys] } } : {}),
    client_name: rp[fieldIn('name', DEFAULT_LANGUAGE)],
    response_types: ['code'],
    subject_type: 'pairwise',
  };
}
