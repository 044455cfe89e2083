/**
 * The pages' interface to a pending authorization request. The provider's interaction stays private; it
 * contains nothing of a sign-in before everything that the relying party asked for is given.
 */
import type { Context, Next } from 'koa';
import type { Interaction, InteractionResults, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { fieldIn, localize } from '../../domain/language/language.ts';
import { isFreshProbe, PROBE_PARAMETER } from '../../domain/errors/cookieProbe.ts';
import {
  acrOf,
  amrOf,
  BOTH_KINDS,
  isTwoFactor,
  kindsOf,
  kindsOfAmr,
  resistanceOf,
  type FactorKinds,
  type Factors,
} from '../../domain/signIn/levels.ts';
import { RequestValue } from '../../domain/requestValue.ts';
import type { Identity } from '../../domain/person/person.ts';
import type { RelyingPartyKind } from '../../domain/relyingParty/relyingParty.ts';
import { composeRefusalError, type SignInRefusal } from '../../domain/errors/refusal.ts';
import type { PendingRequest, StepUp } from '../../domain/signIn/pendingRequest.ts';
import { checkLegacyUserId, containsCpr } from '../../domain/person/userId.ts';
import type { Keyring } from '../../platform/keyring.ts';
import type { Database } from '../../db/database.ts';
import type { IdentityWithPerson } from '../../db/people/identities.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { hasInteractionCookie } from './interactionCookie.ts';
import { composeInteractionAddress } from './loginAddress.ts';
import { isStepUpAlone } from './prompts.ts';
import { parseRequestedClaims, toText } from './requestParameters.ts';
import { readDetails } from './signInDetails.ts';
import { saveResponse, prepareResponse, type SealAnswer, type PreparedResponse } from './answerStorage.ts';
import {
  makeProviderResponse,
  sendProviderResponse,
  type ProviderResponse,
  type PendingProviderResponse,
} from './providerResponse.ts';

export interface InteractionsDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly now: () => Date;
  readonly onClient: (clientId: string) => void;
}

/** A verified sign-in. Times are the database's: what ends the identity later ends this sign-in. */
export interface Authentication {
  readonly identity: Identity;
  /** The owner as it was read for this request. */
  readonly owner: IdentityWithPerson | null;
  readonly passwordAt: Date;
  /** When the last factor was verified. */
  readonly signedInAt: Date;
  readonly factors: Factors;
  /** The password was given in the session that this step-up raises. */
  readonly isStepUp: boolean;
}

export interface InteractionToComplete {
  readonly request: PendingRequest;
  readonly seal: SealAnswer;
  /** The browser that sent the form, where no browser holds the row. */
  readonly holder: Buffer | null;
}

export interface ResponseToPrepare {
  readonly request: PendingRequest;
  readonly authentication: Authentication;
  readonly seal: SealAnswer;
}

const RESULT_SECONDS = 120;

export class Interactions {
  readonly #provider: Provider;
  readonly #deps: InteractionsDeps;
  readonly #found = new RequestValue<Interaction>('the request that waits');

  constructor(provider: Provider, deps: InteractionsDeps) {
    this.#provider = provider;
    this.#deps = deps;
  }

  /**
   * Returns null when the browser has no such interaction: it is forged, of another browser, or expired.
   * Whether it was answered is recorded in the rows.
   */
  async find(ctx: Context, id: string): Promise<PendingRequest | null> {
    const interaction = await this.#provider.Interaction.find(id);
    if (!interaction || !(await this.#isSameBrowser(ctx, interaction))) return null;
    const { params, prompt, session } = interaction;
    const client = await this.#provider.Client.find(String(params['client_id']));
    if (!client) return null;
    this.#deps.onClient(client.clientId);
    const required = readDetails(prompt.details);
    const loginHint = toText(params['login_hint']);
    const pending: PendingRequest = {
      id,
      ageMs: this.#deps.now().getTime() - interaction.iat * 1000,
      formOrigins: composeInteractionAddress(interaction, {}),
      resumeUrl: interaction.returnTo,
      clientId: client.clientId,
      names: localize((language) => String(client[fieldIn('name', language)])),
      purposes: localize((language) => toText(client[fieldIn('purpose', language)]) || null),
      logo: toText(client['logo']) || null,
      kind: client['kind'] as RelyingPartyKind,
      signIn: prompt.name === 'login',
      // The level of a session never falls.
      requiredKinds: (await this.#isTwoFactorByNow(ctx, required.kinds)) ? BOTH_KINDS : required.kinds,
      minimumAcr: required.minimumAcr,
      resistance: required.resistance,
      resistanceInstead: required.resistanceInstead,
      minimumProofing: String(client['min_proofing']),
      stepUp: isStepUpAlone(prompt.reasons, required) ? await this.#findStepUp(ctx, interaction) : null,
      accountId: session?.accountId ?? null,
      consentPage: toText(params['prompt']).split(' ').includes('consent'),
      isTrusted: client['trusted'] === true,
      scopes: toText(params['scope']).split(' '),
      claims: parseRequestedClaims(toText(params['claims'])),
      uiLocales: toText(params['ui_locales']),
      loginHint: checkLegacyUserId(loginHint) === null && !containsCpr(loginHint) ? loginHint : '',
    };
    this.#found.set(requireUnitOfWork(), interaction);
    return pending;
  }

  /**
   * The interaction that the provider started within this request, to redirect the browser to its first page.
   * Returns null for a pushed request: its URL is valid once, and reloading a page there would fail.
   */
  async findStarted(ctx: Context): Promise<PendingRequest | null> {
    const { entities } = (ctx as Partial<KoaContextWithOIDC>).oidc ?? {};
    if (!entities?.Interaction || entities.PushedAuthorizationRequest) return null;
    return await this.find(ctx, entities.Interaction.uid);
  }

  /** This browser was redirected to the sign-in a moment ago, together with its cookie. */
  isNewInteraction(ctx: Context): boolean {
    return isFreshProbe(ctx.query[PROBE_PARAMETER], this.#deps.now());
  }

  /** This browser accepts cookies: it sent one that the first page of a sign-in set. */
  hasInteractionCookie(): boolean {
    return hasInteractionCookie();
  }

  /** Someone is signed in with this browser: the session that its cookie names exists in the database. */
  async isSignedIn(ctx: Context): Promise<boolean> {
    if (ctx.cookies.get(this.#provider.cookieName('session'), { signed: false }) === undefined) return false;
    return (await this.#provider.Session.get(ctx)).accountId !== undefined;
  }

  /**
   * A prompt for an existing session requires that session, in this browser: a copied request
   * reveals nothing of its person. A sign-in does not, regardless of who was signed in before.
   */
  async #isSameBrowser(ctx: Context, { prompt, session }: Interaction): Promise<boolean> {
    if (prompt.name === 'login' || !session?.uid) return true;
    const { uid, accountId } = await this.#provider.Session.get(ctx);
    return uid === session.uid && accountId === session.accountId;
  }

  /** True when both kinds are required, or were given in another tab since this request began. */
  async #isTwoFactorByNow(ctx: Context, required: FactorKinds): Promise<boolean> {
    return isTwoFactor(required) || isTwoFactor(kindsOfAmr((await this.#provider.Session.get(ctx)).amr));
  }

  /** Returns null when the session has ended, or is of another person or browser now. */
  async #findStepUp(ctx: Context, { session }: Interaction): Promise<StepUp | null> {
    if (!session?.uid) return null;
    const { uid, accountId } = await this.#provider.Session.get(ctx);
    const passwordAt = requireUnitOfWork().session?.passwordAt;
    if (!accountId || uid !== session.uid || accountId !== session.accountId || !passwordAt) return null;
    return { sessionUid: uid, accountId, passwordAt };
  }

  /** The signed-in person has given what else was asked for. The provider resumes in this request. */
  async resume(request: PendingRequest): Promise<void> {
    await this.#save(this.#interaction(request), { consent: {} });
  }

  /** The person has given all that this request asks for. The provider resumes within this request. */
  async signIn(ctx: Context, request: PendingRequest, authentication: Authentication): Promise<void> {
    const { identity, owner, passwordAt, signedInAt, factors, isStepUp } = authentication;
    const interaction = this.#interaction(request);
    // A step-up depends on its session: when that has ended, the provider refuses to resume.
    if (!isStepUp) await this.#detachFromSession(ctx, interaction, identity.id);
    const unit = requireUnitOfWork();
    unit.signedInAt = signedInAt;
    unit.passwordAt = passwordAt;
    unit.keyAt = isTwoFactor(kindsOf(factors)) ? signedInAt : null;
    unit.owner = owner;
    await this.#save(interaction, {
      login: {
        accountId: identity.id,
        acr: acrOf(factors, identity.proofing),
        amr: amrOf(factors),
        resistance: resistanceOf(factors),
        ts: Math.floor(signedInAt.getTime() / 1000),
        // The session ends when the browser closes: internet cafés are a named use.
        remember: false,
      },
      consent: {},
    });
  }

  /** The sign-in ends: the provider resumes with the error within this request. */
  async refuse(request: PendingRequest, refusal: SignInRefusal): Promise<void> {
    await this.#save(this.#interaction(request), composeRefusalError(refusal));
  }

  /** Prepares the provider's response for the statement that decides whether it may be sent. */
  async prepareResponse(
    ctx: Context,
    next: Next,
    { request, authentication, seal }: ResponseToPrepare,
  ): Promise<PreparedResponse> {
    return await prepareResponse(async () => {
      await this.signIn(ctx, request, authentication);
      return await this.#makeProviderResponse(ctx, next, request);
    }, seal);
  }

  /** The provider's response ends the request. Returns false where another request has ended it first. */
  async answer(ctx: Context, next: Next, { request, seal, holder }: InteractionToComplete): Promise<boolean> {
    const made = await this.#makeProviderResponse(ctx, next, request);
    const interaction = this.#deps.keyring.hashInteractionId(request.id);
    return await saveResponse(this.#deps.database, made, { interaction, seal, holder });
  }

  /** Sends the response for a cancelled sign-in; the request stays pending for another browser. */
  async abandon(ctx: Context, next: Next, request: PendingRequest): Promise<void> {
    await this.refuse(request, 'user_cancelled');
    const { keepPending } = await this.#makeProviderResponse(ctx, next, request);
    keepPending();
  }

  /** The same before anything was authenticated; for this browser the request is over. */
  async cancelWithoutRow(
    ctx: Context,
    next: Next,
    request: PendingRequest,
    refusal: SignInRefusal,
  ): Promise<void> {
    await this.refuse(request, refusal);
    const { writeNothing } = await this.#makeProviderResponse(ctx, next, request);
    writeNothing();
  }

  /** Runs the provider as if the browser had followed the redirect to resume; saves nothing yet. */
  async #makeProviderResponse(
    ctx: Context,
    next: Next,
    request: PendingRequest,
  ): Promise<PendingProviderResponse> {
    return await makeProviderResponse(ctx, next, {
      ...request,
      resumeCookie: this.#provider.cookieName('resume'),
    });
  }

  /** Sends a response that was stored as JSON. */
  sendStored(ctx: Context, json: string): void {
    sendProviderResponse(ctx, JSON.parse(json) as ProviderResponse);
  }

  /**
   * Detaches the sign-in from the session that was there when the request began, or was created in another
   * tab since: a sign-in is independent of it. The session of another person ends here; the provider would
   * respond with a page that logs out by script.
   */
  async #detachFromSession(ctx: Context, interaction: Interaction, accountId: string): Promise<void> {
    Reflect.deleteProperty(interaction, 'session');
    const session = await this.#provider.Session.get(ctx);
    if (session.accountId && session.accountId !== accountId) await session.destroy();
  }

  async #save(interaction: Interaction, result: InteractionResults): Promise<void> {
    // The result of an earlier prompt of the same request still counts.
    interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
    // The browser resumes immediately, so the result is kept only briefly.
    await interaction.save(RESULT_SECONDS);
  }

  #interaction(request: PendingRequest): Interaction {
    const interaction = this.#found.find(requireUnitOfWork());
    if (interaction?.uid !== request.id) throw new Error('a request is answered where it was found');
    return interaction;
  }
}
