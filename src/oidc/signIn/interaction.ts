/**
 * What the pages may know and do of an authorization request that waits for the person. The engine's interaction
 * stays inside; nothing of a sign-in is in it before everything that the relying party asked for is given.
 */
import type { Context, Next } from 'koa';
import type { Interaction, InteractionResults, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { fieldIn, localize } from '../../domain/language/language.ts';
import { isFreshProbe, PROBE_PARAMETER, makeProbe } from '../../domain/errors/cookieProbe.ts';
import {
  acrOf,
  amrOf,
  BOTH_KINDS,
  isTwoFactor,
  kindsOf,
  kindsOfAmr,
  type FactorKinds,
  type Factors,
} from '../../domain/signIn/levels.ts';
import { RequestValue } from '../../domain/requestValue.ts';
import type { Identity } from '../../domain/person/person.ts';
import type { RelyingPartyKind } from '../../domain/relyingParty/relyingParty.ts';
import { composeRefusalError, type SignInRefusal } from '../../domain/errors/refusal.ts';
import type { PendingRequest, StepUp } from '../../domain/signIn/pendingRequest.ts';
import { FIRST_PARTY_CLIENTS } from '../../domain/relyingParty/firstPartyClient.ts';
import { checkLegacyUserId, containsCpr } from '../../domain/person/userId.ts';
import type { Keyring } from '../../platform/keyring.ts';
import type { Database } from '../../db/database.ts';
import type { IdentityWithPerson } from '../../db/people/identities.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { hasInteractionCookie } from './interactionCookie.ts';
import { isStepUpAlone } from './prompts.ts';
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
}

/** What the person has shown. Times are the primary's: what ends the identity later ends this sign-in. */
export interface Authentication {
  readonly identity: Identity;
  /** As it was read for this request. */
  readonly owner: IdentityWithPerson | null;
  readonly passwordAt: Date;
  /** When the last of it was right. */
  readonly signedInAt: Date;
  readonly factors: Factors;
  /** The password was that of the session which this raises. */
  readonly isStepUp: boolean;
}

export interface InteractionToAnswer {
  readonly request: PendingRequest;
  readonly seal: SealAnswer;
  /** Of the form, where no browser holds the row. */
  readonly holder: Buffer | null;
}

export interface AnswerToPrepare {
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

  /** Null when the browser has no such interaction: forged, foreign or expired. That it was answered the rows know. */
  async find(ctx: Context, id: string): Promise<PendingRequest | null> {
    const interaction = await this.#provider.Interaction.find(id);
    if (!interaction || !(await this.#isSameBrowser(ctx, interaction))) return null;
    const { params, prompt, session } = interaction;
    const client = await this.#provider.Client.find(String(params['client_id']));
    if (!client) return null;
    const required = readDetails(prompt.details);
    const loginHint = toText(params['login_hint']);
    const pending: PendingRequest = {
      id,
      ageMs: this.#deps.now().getTime() - interaction.iat * 1000,
      formOrigins: composeInteractionAddress(interaction, {}),
      resumeUrl: interaction.returnTo,
      clientId: client.clientId,
      names: localize((language) => String(client[fieldIn('name', language)])),
      logo: toText(client['logo']) || null,
      kind: client['kind'] as RelyingPartyKind,
      signIn: prompt.name === 'login',
      // The level of a session never falls.
      requiredKinds: (await this.#isTwoFactorByNow(ctx, required.kinds)) ? BOTH_KINDS : required.kinds,
      minimumAcr: required.minimumAcr,
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
   * The request that the engine has begun within this one, to lead the browser on to its first page. Null
   * where it was pushed: its address is good once, and a page there could not be asked for again.
   */
  async findStarted(ctx: Context): Promise<PendingRequest | null> {
    const { entities } = (ctx as Partial<KoaContextWithOIDC>).oidc ?? {};
    if (!entities?.Interaction || entities.PushedAuthorizationRequest) return null;
    return await this.find(ctx, entities.Interaction.uid);
  }

  /** This browser was sent to the sign-in a moment ago, together with its cookie. */
  isNewInteraction(ctx: Context): boolean {
    return isFreshProbe(ctx.query[PROBE_PARAMETER], this.#deps.now());
  }

  /** This browser keeps cookies: it sent one that it was given with the first page of a sign-in. */
  hasInteractionCookie(): boolean {
    return hasInteractionCookie();
  }

  /** Somebody is signed in with this browser: the database knows the session that its cookie names. */
  async isSignedIn(ctx: Context): Promise<boolean> {
    if (ctx.cookies.get(this.#provider.cookieName('session'), { signed: false }) === undefined) return false;
    return (await this.#provider.Session.get(ctx)).accountId !== undefined;
  }

  /**
   * What is asked of a session needs that session, in this browser: a copy of the request alone shows nothing
   * of its person. A sign-in does not, whatever was signed in before.
   */
  async #isSameBrowser(ctx: Context, { prompt, session }: Interaction): Promise<boolean> {
    if (prompt.name === 'login' || !session?.uid) return true;
    const { uid, accountId } = await this.#provider.Session.get(ctx);
    return uid === session.uid && accountId === session.accountId;
  }

  /** Both are required; or somebody has signed in with both in another tab since this request began. */
  async #isTwoFactorByNow(ctx: Context, required: FactorKinds): Promise<boolean> {
    return isTwoFactor(required) || isTwoFactor(kindsOfAmr((await this.#provider.Session.get(ctx)).amr));
  }

  /** Null when the session is over, somebody else's by now, or not that of this browser. */
  async #findStepUp(ctx: Context, { session }: Interaction): Promise<StepUp | null> {
    if (!session?.uid) return null;
    const { uid, accountId } = await this.#provider.Session.get(ctx);
    const passwordAt = requireUnitOfWork().session?.passwordAt;
    if (!accountId || uid !== session.uid || accountId !== session.accountId || !passwordAt) return null;
    return { sessionUid: uid, accountId, passwordAt };
  }

  /** The person was signed in already, and what else was asked for is given. The engine goes on in this very request. */
  async resume(request: PendingRequest): Promise<void> {
    await this.#save(this.#interaction(request), { consent: {} });
  }

  /** All that this request asks for was shown. The engine goes on in this very request. */
  async signIn(ctx: Context, request: PendingRequest, authentication: Authentication): Promise<void> {
    const { identity, owner, passwordAt, signedInAt, factors, isStepUp } = authentication;
    const interaction = this.#interaction(request);
    // A step-up stands on its session: once that is over, the engine refuses to go on.
    if (!isStepUp) await this.#runDetached(ctx, interaction, identity.id);
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
        ts: Math.floor(signedInAt.getTime() / 1000),
        // Not kept when the browser closes: internet cafés are a named use.
        remember: false,
      },
      consent: {},
    });
  }

  /** The sign-in ends here: the provider goes on with the error in this very request. */
  async refuse(request: PendingRequest, refusal: SignInRefusal): Promise<void> {
    await this.#save(this.#interaction(request), composeRefusalError(refusal));
  }

  /** The provider's answer, for the statement that judges whether it may leave. */
  async prepareAnswer(
    ctx: Context,
    next: Next,
    { request, authentication, seal }: AnswerToPrepare,
  ): Promise<PreparedResponse> {
    return await prepareResponse(async () => {
      await this.signIn(ctx, request, authentication);
      return await this.#makeProviderAnswer(ctx, next, request);
    }, seal);
  }

  /** The provider's answer ends the request. False where another has ended it first. */
  async answer(ctx: Context, next: Next, { request, seal, holder }: InteractionToAnswer): Promise<boolean> {
    const made = await this.#makeProviderAnswer(ctx, next, request);
    const interaction = this.#deps.keyring.hashInteractionId(request.id);
    return await saveResponse(this.#deps.database, made, { interaction, seal, holder });
  }

  /** The answer of one who gave up, and nothing else: the request waits as before, for another browser. */
  async abandon(ctx: Context, next: Next, request: PendingRequest): Promise<void> {
    await this.refuse(request, 'user_cancelled');
    const { keepPending: keepWaiting } = await this.#makeProviderAnswer(ctx, next, request);
    keepWaiting();
  }

  /** The same before anybody has shown anything, and for this browser the request is over. */
  async cancelWithoutRow(
    ctx: Context,
    next: Next,
    request: PendingRequest,
    refusal: SignInRefusal,
  ): Promise<void> {
    await this.refuse(request, refusal);
    const { writeNothing } = await this.#makeProviderAnswer(ctx, next, request);
    writeNothing();
  }

  /** As if the browser had come to where it goes on. Nothing is saved or sent yet. */
  async #makeProviderAnswer(
    ctx: Context,
    next: Next,
    request: PendingRequest,
  ): Promise<PendingProviderResponse> {
    return await makeProviderResponse(ctx, next, {
      ...request,
      resumeCookie: this.#provider.cookieName('resume'),
    });
  }

  /** One that was kept, as JSON. */
  sendStored(ctx: Context, json: string): void {
    sendProviderResponse(ctx, JSON.parse(json) as ProviderResponse);
  }

  /**
   * Whoever was signed in with this browser when the request began, or is by now in another tab: a sign-in stands by
   * itself. Somebody else's session ends here; the engine would answer with a page that logs out by script.
   */
  async #runDetached(ctx: Context, interaction: Interaction, accountId: string): Promise<void> {
    Reflect.deleteProperty(interaction, 'session');
    const session = await this.#provider.Session.get(ctx);
    if (session.accountId && session.accountId !== accountId) await session.destroy();
  }

  async #save(interaction: Interaction, result: InteractionResults): Promise<void> {
    // What an earlier prompt of the same request gave still counts.
    interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
    // The browser goes on at once; what it was given is not to lie about.
    await interaction.save(RESULT_SECONDS);
  }

  #interaction(request: PendingRequest): Interaction {
    const interaction = this.#found.find(requireUnitOfWork());
    if (interaction?.uid !== request.id) throw new Error('a request is answered where it was found');
    return interaction;
  }
}

/** Where a browser goes to sign in, with its first cookie. */
export function composeLoginAddress(interaction: Interaction, now: Date): string {
  return composeInteractionAddress(interaction, { [PROBE_PARAMETER]: makeProbe(now) });
}

/** At one of our own sites also with the way back to it, for browsers that bring no cookie. */
function composeInteractionAddress({ uid, params }: Interaction, asked: Record<string, string>): string {
  const query = new URLSearchParams(asked);
  const site = FIRST_PARTY_CLIENTS.find(({ clientId }) => clientId === params['client_id']);
  if (site) query.append('site', site.clientId);
  return query.size > 0 ? `/login/${uid}?${query}` : `/login/${uid}`;
}

/** The names in the `claims` parameter, which the engine has already judged. */
function parseRequestedClaims(parameter: string): string[] {
  if (parameter === '') return [];
  const { userinfo, id_token: idToken } = JSON.parse(parameter) as Record<string, object | undefined>;
  return [...Object.keys(userinfo ?? {}), ...Object.keys(idToken ?? {})];
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
