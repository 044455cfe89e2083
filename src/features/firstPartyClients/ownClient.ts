/** A first-party client as it appears to Nøgle: an ordinary relying party, by `openid-client`, over HTTP. */
import * as client from 'openid-client';
import {
  chooseAcrValues,
  composeClientUris,
  isStrongEnough,
  maxSignInAgeSeconds,
  type FirstPartyClient,
} from '../../domain/relyingParty/firstPartyClient.ts';
import type { FirstPartyRequest } from './firstPartyRequest.ts';
import type { FeatureDeps } from '../feature.ts';

/**
 * The browser returned without a sign-in: the person cancelled, or the response was not the requested one.
 */
export class NotSignedInError extends Error {}

export class FirstPartyOidcClient {
  readonly #site: FirstPartyClient;
  readonly #context: FeatureDeps;
  #configuration: Promise<client.Configuration> | null = null;

  constructor(site: FirstPartyClient, context: FeatureDeps) {
    this.#site = site;
    this.#context = context;
  }

  /**
   * Returns the address where the browser goes to sign in.
   * @param isWhole requires password and key, regardless of an existing session (`prompt=login`). A browser
   * may drop that parameter, so the token decides what was given.
   * @throws Error with `statusCode` 503 when Nøgle does not respond to its own discovery request
   */
  async signInUrl({ state, nonce, verifier }: FirstPartyRequest, isWhole: boolean): Promise<URL> {
    const site = this.#site;
    const { issuer, context } = this.#context;
    const acrValues = chooseAcrValues(site, context.rules.staff.requires);
    return client.buildAuthorizationUrl(await this.#discover(), {
      redirect_uri: composeClientUris(site, issuer).callback,
      scope: site.scope,
      state,
      nonce,
      ...(isWhole ? { prompt: 'login' } : {}),
      ...(acrValues === null ? {} : { acr_values: acrValues }),
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  }

  /**
   * Redeems the authorization code. State, nonce, PKCE and `iss` are verified, and the ID token with its
   * signature: it comes from Nøgle itself and is verified as if it did not. The registration is not relied on
   * either: which factors were given (`amr`), the level (`acr`) and the time (`auth_time`) are read from the
   * token.
   * @throws NotSignedInError; Error with `statusCode` 503, after which the same address may be requested
   * again
   */
  async redeem(url: URL, pending: FirstPartyRequest): Promise<{ identityId: string; accessToken: string }> {
    try {
      const site = this.#site;
      const tokens = await client.authorizationCodeGrant(await this.#discover(), url, {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.verifier,
        idTokenExpected: true,
        maxAge: maxSignInAgeSeconds(site),
      });
      const claims = tokens.claims();
      if (!claims) throw new NotSignedInError('no ID token');
      if (!isStrongEnough(site, this.#context.context.rules.staff.requires, claims))
        throw new NotSignedInError('not password and key');
      return { identityId: claims.sub, accessToken: tokens.access_token };
    } catch (error) {
      if (isProviderUnavailable(error))
        throw Object.assign(new Error('the authorization code could not be redeemed', { cause: error }), {
          statusCode: 503,
        });
      throw error instanceof NotSignedInError ? error : new NotSignedInError('refused', { cause: error });
    }
  }

  /** Returns the address where the browser goes to log out of Nøgle too, if the person confirms it. */
  async signOutUrl(): Promise<URL> {
    const site = this.#site;
    const { issuer } = this.#context;
    const post_logout_redirect_uri = composeClientUris(site, issuer).signedOut;
    return client.buildEndSessionUrl(await this.#discover(), { post_logout_redirect_uri });
  }

  /** Runs once, and again after a failure. */
  #discover(): Promise<client.Configuration> {
    this.#configuration ??= this.#ask().catch((cause: unknown) => {
      this.#configuration = null;
      throw Object.assign(new Error('Nøgle did not respond to its own discovery request', { cause }), {
        statusCode: 503,
      });
    });
    return this.#configuration;
  }

  async #ask(): Promise<client.Configuration> {
    const { issuer, ownClientSecret, fetch } = this.#context;
    const execute = [client.enableNonRepudiationChecks];
    // Only in the sandbox: config/config.ts accepts no other issuer without TLS.
    if (issuer.startsWith('http:')) execute.push(client.allowInsecureRequests);
    const authentication = client.ClientSecretBasic(ownClientSecret(this.#site.clientId));
    const metadata = { id_token_signed_response_alg: 'ES256' };
    return await client.discovery(new URL(issuer), this.#site.clientId, metadata, authentication, {
      execute,
      [client.customFetch]: fetch,
    });
  }
}

/** Nøgle or its database is unavailable; the code may still be valid. */
function isProviderUnavailable(error: unknown): boolean {
  for (let one = error; one instanceof Error || one instanceof Response; one = (one as Error).cause) {
    const { status, statusCode } = one as { status?: unknown; statusCode?: unknown };
    if ([status, statusCode].some((code) => typeof code === 'number' && code >= 500)) return true;
  }
  return false;
}
