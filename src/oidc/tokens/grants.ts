/**
 * Grants: the scopes and claims of a person that a relying party may get, for as long as the last token that
 * may be issued under them.
 */
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { isExcludedFromPublicSites, type PersonAccount } from './accounts.ts';
import type { RequestSource } from '../../domain/clientContext.ts';
import { appendToUnitOfWork } from '../../db/auditLog.ts';
import type { ConsentReader } from './consents.ts';
import { isProofingTooLow, isSignInMissing } from '../signIn/prompts.ts';

/**
 * Seals the browser and network of a request for the details of an audit event of the person with this salt.
 */
export type SealClientContext = (logSalt: Buffer, requestSource: RequestSource) => { readonly seen?: string };

interface GrantDeps {
  readonly consents: ConsentReader;
  readonly sealClientContext: SealClientContext;
}

/**
 * Grants what is asked for within the registration, once the person has authenticated as required and
 * consented where that is needed, not below the proofing of the registration, and not while public sites are
 * off. Otherwise it returns undefined and a prompt explains why: throwing here would send the person back
 * without a page.
 */
export async function grantAgreedScopes(ctx: KoaContextWithOIDC, { consents, sealClientContext }: GrantDeps) {
  const { oidc } = ctx;
  const { client, session, provider } = oidc;
  if (!client || !session?.accountId) return undefined;
  const { identity, logSalt } = oidc.account as PersonAccount;
  if (isExcludedFromPublicSites(identity, client) || isProofingTooLow(oidc)) return undefined;
  if (isSignInMissing(oidc) || oidc.promptPending('consent')) return undefined;
  if ((await consents.findMissing(ctx)).length > 0) return undefined;
  const grantId = session.grantIdFor(client.clientId);
  const existing = grantId ? await provider.Grant.find(grantId) : undefined;
  const grant = existing ?? new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '));
  grant.addOIDCClaims([...oidc.requestParamClaims]);
  session.ensureClientContainer(client.clientId);
  const sid = session.sidFor(client.clientId);
  const unit = requireUnitOfWork();
  if (sid) unit.grantedIn = { sessionUid: session.uid, sid };
  if (!existing && !oidc.result?.login) {
    const seen = sealClientContext(logSalt, { userAgent: ctx.get('User-Agent'), address: ctx.ip });
    const details = { clientId: client.clientId, ...seen };
    appendToUnitOfWork(unit, { kind: 'gone_on_to', identityId: identity.id, details });
  }
  await extendGrant(grant);
  return grant;
}

/**
 * Refresh tokens of public clients are rotated. The family ends with its first token (refreshFamily.ts): a
 * rotation extends nothing.
 */
export function isRefreshTokenRotated({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.client?.clientAuthMethod === 'none';
}

export function isOfflineGrant(grant: Grant): boolean {
  return grant.getOIDCScope().split(' ').includes('offline_access');
}

/**
 * The provider keeps the first expiry of a grant at every later save; with the expiry removed it computes it
 * again.
 */
async function extendGrant(grant: Grant): Promise<void> {
  Reflect.deleteProperty(grant, 'exp');
  Reflect.deleteProperty(grant, 'expiresIn');
  await grant.save();
}
