/** Grants: what a relying party may have of a person, for as long as the last token that it may get. */
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { currentUnitOfWork } from '../store/unitOfWork.ts';
import { isShutOut, type KnownAccount } from './accounts.ts';
import type { Visit } from '../core/selfService/seen.ts';
import { appendBesides } from '../store/auditLog.ts';
import type { Consents } from './consents.ts';
import { isSignInMissing } from './prompts.ts';

/** Browser and network of a visit, for the details of an audit event of the person with this salt. */
export type SealSeen = (logSalt: Buffer, visit: Visit) => { readonly seen?: string };

interface GrantGround {
  readonly consents: Consents;
  readonly sealSeen: SealSeen;
}

/**
 * What is asked for within the registration is granted once the person has shown what it takes and agreed, where that
 * is needed, and not while public sites are off. None is returned then, and a prompt explains: throwing here would send the person
 * away without a page.
 */
export async function grantWhatIsAgreed(ctx: KoaContextWithOIDC, { consents, sealSeen }: GrantGround) {
  const { oidc } = ctx;
  const { client, session, provider } = oidc;
  if (!client || !session?.accountId) return undefined;
  const { identity, logSalt } = oidc.account as KnownAccount;
  if (isShutOut(identity, client) || isSignInMissing(oidc) || oidc.promptPending('consent')) return undefined;
  if ((await consents.missing(ctx)).length > 0) return undefined;
  const grantId = session.grantIdFor(client.clientId);
  const existing = grantId ? await provider.Grant.find(grantId) : undefined;
  const grant = existing ?? new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '));
  grant.addOIDCClaims([...oidc.requestParamClaims]);
  session.ensureClientContainer(client.clientId);
  const sid = session.sidFor(client.clientId);
  const unit = currentUnitOfWork();
  if (sid) unit.grantedIn = { sessionUid: session.uid, sid };
  if (!existing && !oidc.result?.login) {
    const seen = sealSeen(logSalt, { userAgent: ctx.get('User-Agent'), address: ctx.ip });
    const details = { clientId: client.clientId, ...seen };
    appendBesides(unit, { kind: 'gone_on_to', identityId: identity.id, details });
  }
  await saveForLonger(grant);
  return grant;
}

/**
 * Public clients rotate. Their grant ends with the first token (tokens/refreshFamily.ts): a rotation
 * prolongs nothing.
 */
export function rotateRefreshToken({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.client?.clientAuthMethod === 'none';
}

export function isOffline(grant: Grant): boolean {
  return grant.getOIDCScope().split(' ').includes('offline_access');
}

/** The engine keeps the first end of a grant at every later save; without one it reckons anew. */
async function saveForLonger(grant: Grant): Promise<void> {
  Reflect.deleteProperty(grant, 'exp');
  Reflect.deleteProperty(grant, 'expiresIn');
  await grant.save();
}
