/** What a request asks of `acr`, and what a response states of it. */
import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import { resistanceOfAmr, type PhishingResistance, type RequestedAcr } from '../../domain/signIn/levels.ts';
import { statedAcr } from '../../domain/signIn/statedAcr.ts';

type ProviderContext = KoaContextWithOIDC['oidc'];

/** The result of a sign-in in this request, as interaction.ts makes it. */
export interface LoginResult {
  /** The resistance of the factor, which the values of `amr` show in part. */
  readonly resistance?: PhishingResistance | null;
}

/**
 * The provider takes `acr` of what it issues from the session, which has the level. A request that asked for
 * resistance to phishing gets that as its value.
 */
export function stateRequestedAcr(provider: Provider): void {
  const { prototype } = Reflect.get(provider, 'OIDCContext') as { prototype: object };
  Object.defineProperty(prototype, 'acr', {
    configurable: true,
    get(this: ProviderContext) {
      const level = this.session?.acr;
      // A request for tokens has no parameters of an authorization request.
      return this.params?.['response_type'] === undefined
        ? level
        : statedAcr(readRequestedAcr(this), level, readResistance(this));
    },
  });
}

/** The resistance to phishing of the sign-in in this request, or of the session. */
export function readResistance({ result, session }: ProviderContext): PhishingResistance | null {
  const login = result?.login as LoginResult | undefined;
  return login?.resistance ?? resistanceOfAmr(session?.amr);
}

/**
 * The essential claim takes precedence over `acr_values`, which is voluntary (OpenID Connect Core, 3.1.2.1
 * and 5.5.1.1).
 */
export function readRequestedAcr(oidc: ProviderContext): RequestedAcr {
  // Reads the parameter as it was sent: the provider lets `acr_values` replace the claim and loses its
  // `essential`.
  const parameter: unknown = oidc.params?.['claims'];
  const sent = (typeof parameter === 'string' ? JSON.parse(parameter) : {}) as RequestedClaims;
  const acr = sent.id_token?.['acr'] ?? {};
  const { essential, value, values = value === undefined ? [] : [value] } = acr;
  if (acr.value !== undefined && acr.values !== undefined) {
    throw new errors.InvalidRequest('claims.id_token.acr: value or values, not both');
  }
  if (!Array.isArray(values) || !values.every((one) => typeof one === 'string')) {
    throw new errors.InvalidRequest('claims.id_token.acr: value must be a string, values a list of strings');
  }
  if (essential === true && values.length > 0) return { values, essential: true };
  const acrValues = oidc.params?.['acr_values'];
  return {
    values: [...(typeof acrValues === 'string' ? acrValues.split(' ') : []), ...values].filter(
      (one) => one !== '',
    ),
    essential: false,
  };
}

export interface RequestedClaim {
  essential?: unknown;
  value?: unknown;
  values?: unknown;
}

export interface RequestedClaims {
  id_token?: Record<string, RequestedClaim | null>;
}
