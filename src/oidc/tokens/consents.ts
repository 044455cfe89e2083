/** The consent that an authorization request still needs; read once for each request. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { findMissingConsent, listScopesToConsent } from '../../domain/signIn/consent.ts';
import { RequestValue } from '../../domain/requestValue.ts';
import { findConsent } from '../../db/oidc/consents.ts';
import type { PersonAccount } from './accounts.ts';
import type { Database } from '../../db/database.ts';

export class ConsentReader {
  readonly #database: Database;
  readonly #request = new RequestValue<Promise<string[]>>('the consent that is missing');

  constructor(database: Database) {
    this.#database = database;
  }

  /** The scopes that the person has not agreed to yet; empty where no one is signed in. */
  findMissing(ctx: KoaContextWithOIDC): Promise<string[]> {
    const asked = this.#request.find(ctx) ?? this.#find(ctx);
    this.#request.set(ctx, asked);
    return asked;
  }

  async #find({ oidc }: KoaContextWithOIDC): Promise<string[]> {
    const { client, session } = oidc;
    if (!client || !session?.accountId) return [];
    const asked = {
      isTrusted: client['trusted'] === true,
      scopes: [...oidc.requestParamOIDCScopes],
      claims: [...oidc.requestParamClaims],
    };
    const needed = listScopesToConsent(asked, (oidc.account as PersonAccount).identity);
    if (needed.length === 0) return [];
    return findMissingConsent(needed, await findConsent(this.#database, session.accountId, client.clientId));
  }
}
