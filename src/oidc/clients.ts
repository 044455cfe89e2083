/**
 * Relying parties as the engine wants them. Kept for two seconds in the node: they are slow data, and a change
 * must be felt everywhere within that time. Unknown ids are not kept, so that nobody can fill the memory.
 */
import type { ClientMetadata } from 'oidc-provider';
import { CLIENT_ID, type RelyingParty } from '../core/relyingParty.ts';
import type { Database } from '../store/database.ts';
import { findRelyingParty } from '../store/relyingParties.ts';

const KEPT_MS = 2_000;
const KEPT_AT_MOST = 5_000;

export class Clients {
  readonly #database: Database;
  readonly #now: () => Date;
  readonly #kept = new Map<string, { metadata: ClientMetadata; until: number }>();

  constructor(database: Database, now: () => Date) {
    this.#database = database;
    this.#now = now;
  }

  async find(clientId: string): Promise<ClientMetadata | undefined> {
    if (!CLIENT_ID.test(clientId)) return undefined;
    const now = this.#now().getTime();
    const kept = this.#kept.get(clientId);
    if (kept && kept.until > now) return kept.metadata;
    const rp = await findRelyingParty(this.#database, clientId);
    if (!rp) {
      this.#kept.delete(clientId);
      return undefined;
    }
    const metadata = toMetadata(rp);
    if (this.#kept.size >= KEPT_AT_MOST) this.#kept.clear();
    this.#kept.set(clientId, { metadata, until: now + KEPT_MS });
    return metadata;
  }
}

function toMetadata(rp: RelyingParty): ClientMetadata {
  return {
    ...rp,
    client_name: rp.name_da,
    response_types: ['code'],
    subject_type: 'pairwise',
  };
}
