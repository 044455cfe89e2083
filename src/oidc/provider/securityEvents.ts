/**
 * The security events that only the provider knows: what a relying party gets for its request, and a code or
 * refresh token that comes twice.
 */
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { ALL_CODES, type ProtocolError, type SignInRefusal } from '../../domain/errors/refusal.ts';
import type { StandardError } from '../../domain/errors/standardErrors.ts';
import type { RelyingPartyKind } from '../../domain/relyingParty/relyingParty.ts';
import type { AtRelyingParty, ReportEvent } from '../../domain/securityEvent.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';

type ProviderError = Error & {
  readonly error?: string;
  readonly error_description?: string;
  readonly error_detail?: string;
};

/** A response that is prepared and then withdrawn is not reported: the unit of work decides. */
export function reportProviderEvents(provider: Provider, report: ReportEvent): void {
  provider.on('authorization.success', (ctx: KoaContextWithOIDC) => {
    const { oidc } = ctx;
    requireUnitOfWork().authorizationEvent = {
      kind: 'authn_login_success',
      identityId: oidc.session?.accountId ?? '',
      acr: oidc.acr,
      isSingleSignOn: oidc.result === undefined,
      ...readRelyingParty(oidc),
    };
  });
  provider.on('authorization.error', (ctx: KoaContextWithOIDC, error: Error) => {
    const { oidc } = ctx;
    requireUnitOfWork().authorizationEvent = {
      kind: 'authz_fail',
      refusal: readRefusal(error),
      identityId: oidc.session?.accountId ?? null,
      ...readRelyingParty(oidc),
    };
  });
  provider.on('grant.error', (ctx: KoaContextWithOIDC, error: Error) => {
    const { error_detail: detail = '' } = error as ProviderError;
    const { client, params } = ctx.oidc;
    if (!client || !REUSE.test(detail)) return;
    const what = params?.['grant_type'] === 'refresh_token' ? 'refresh_token' : 'code';
    report({ kind: 'authn_token_reuse', what, clientId: client.clientId });
  });
}

/** The details with which the provider and the record adapter refuse a second use. */
const REUSE = /already (used|consumed)$/;

function readRelyingParty({ client }: KoaContextWithOIDC['oidc']): AtRelyingParty {
  return {
    clientId: client?.clientId ?? null,
    rpKind: (client?.['kind'] as RelyingPartyKind | undefined) ?? null,
  };
}

/** The stable code at the beginning of the description, or the standard error. */
function readRefusal(thrown: Error) {
  const { error, error_description: description = '' } = thrown as ProviderError;
  const code = description.split(':', 1)[0] ?? '';
  const isOurs = ALL_CODES.includes(code);
  return (isOurs ? code : (error ?? 'server_error')) as SignInRefusal | ProtocolError | StandardError;
}
