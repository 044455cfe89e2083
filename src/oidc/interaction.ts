/**
 * What the pages may know and do of an authorization request that waits for the person. The engine's interaction
 * stays inside; nothing of a sign-in is in it before everything that the relying party asked for is given.
 */
import type { Context } from 'koa';
import type { Interaction, InteractionResults, Provider } from 'oidc-provider';
import type { AskedFor } from '../core/consent.ts';
import { acrOfPasswordAndKey, AMR_OF_PASSWORD_AND_KEY } from '../core/levels.ts';
import type { Identity } from '../core/person.ts';
import type { RelyingPartyKind } from '../core/relyingParty.ts';
import { describeRefusal, type Refusal } from '../core/refusal.ts';

/** The request that a browser is in the middle of. */
export interface PendingRequest {
  readonly id: string;
  readonly clientId: string;
  readonly names: { da: string; en: string };
  /** A data address, or null. */
  readonly logo: string | null;
  readonly kind: RelyingPartyKind;
  /** A password and a key are asked for; without, somebody is signed in already: `accountId`. */
  readonly signIn: boolean;
  readonly accountId: string | null;
  /** The relying party wants the consent page, whatever is remembered. */
  readonly consentPage: boolean;
  readonly consent: AskedFor;
  readonly ageMs: number;
  readonly uiLocales: string;
  readonly loginHint: string;
  /** Where the browser goes after a form here, as a source for the page's `form-action`. */
  readonly redirectSource: string;
}

const RESULT_SECONDS = 600;

export class Interactions {
  readonly #provider: Provider;
  readonly #now: () => Date;
  readonly #found = new WeakMap<PendingRequest, Interaction>();

  constructor(provider: Provider, now: () => Date) {
    this.#provider = provider;
    this.#now = now;
  }

  /** Null when the browser has no such interaction: forged, foreign, ended or expired. */
  async find(ctx: Context, id: string): Promise<PendingRequest | null> {
    const known = ctx.cookies.get(this.#provider.cookieName('interaction'), { signed: true });
    const interaction = known === id ? await this.#provider.Interaction.find(id) : undefined;
    if (!interaction || !(await this.#isStillTheirs(interaction))) return null;
    const { params, prompt, session } = interaction;
    const consentPage = text(params['prompt']).split(' ').includes('consent');
    const client = await this.#provider.Client.find(String(params['client_id']));
    if (!client) return null;
    const pending: PendingRequest = {
      id,
      clientId: client.clientId,
      names: { da: String(client['name_da']), en: String(client['name_en']) },
      logo: text(client['logo']) || null,
      kind: client['kind'] as RelyingPartyKind,
      signIn: prompt.name === 'login',
      accountId: session?.accountId ?? null,
      consentPage,
      consent: {
        isTrusted: client['trusted'] === true && !consentPage,
        scopes: text(params['scope']).split(' '),
        claims: claimsAskedFor(text(params['claims'])),
      },
      ageMs: this.#now().getTime() - interaction.iat * 1000,
      uiLocales: text(params['ui_locales']),
      loginHint: text(params['login_hint']),
      redirectSource: formActionSource(String(params['redirect_uri'])),
    };
    this.#found.set(pending, interaction);
    return pending;
  }

  /** What is asked of a session needs that session; a sign-in does not, whatever was signed in before. */
  async #isStillTheirs({ prompt, session }: Interaction): Promise<boolean> {
    if (prompt.name === 'login' || !session?.uid) return true;
    const found = await this.#provider.Session.findByUid(session.uid);
    return found?.accountId === session.accountId;
  }

  /** The person was signed in already, and what else was asked for is given. @returns where the browser goes on. */
  async goOn(request: PendingRequest): Promise<string> {
    return await this.#save(this.#interaction(request), { consent: {} });
  }

  /**
   * Password and key were right. @returns where the browser goes on.
   * @param signedInAt the primary's time of the spending: what ends the identity later ends this sign-in.
   */
  async signIn(ctx: Context, request: PendingRequest, identity: Identity, signedInAt: Date): Promise<string> {
    const interaction = this.#interaction(request);
    await this.#standAlone(ctx, interaction, identity.id);
    return await this.#save(interaction, {
      login: {
        accountId: identity.id,
        acr: acrOfPasswordAndKey(identity.proofing),
        amr: [...AMR_OF_PASSWORD_AND_KEY],
        ts: Math.floor(signedInAt.getTime() / 1000),
        at: signedInAt.toISOString(),
        // Not kept when the browser closes: internet cafés are a named use.
        remember: false,
      },
      consent: {},
    });
  }

  /** The sign-in ends here. @returns where the browser takes `access_denied` to. */
  async refuse(request: PendingRequest, refusal: Refusal): Promise<string> {
    return await this.#save(this.#interaction(request), {
      error: 'access_denied',
      error_description: describeRefusal(refusal),
    });
  }

  /**
   * Whoever was signed in with this browser when the request began, or is by now in another tab: a sign-in stands by
   * itself. Somebody else's session ends here; the engine would answer with a page that logs out by script.
   */
  async #standAlone(ctx: Context, interaction: Interaction, accountId: string): Promise<void> {
    Reflect.deleteProperty(interaction, 'session');
    const session = await this.#provider.Session.get(ctx);
    if (session.accountId && session.accountId !== accountId) await session.destroy();
  }

  async #save(interaction: Interaction, result: InteractionResults): Promise<string> {
    // What an earlier prompt of the same request gave still counts.
    interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
    // The browser goes on at once; what it was given is not to lie about.
    await interaction.save(RESULT_SECONDS);
    return interaction.returnTo;
  }

  #interaction(request: PendingRequest): Interaction {
    const interaction = this.#found.get(request);
    if (!interaction) throw new Error('a request is answered by whoever found it');
    return interaction;
  }
}

/** The names in the `claims` parameter, which the engine has already judged. */
function claimsAskedFor(parameter: string): string[] {
  if (parameter === '') return [];
  const { userinfo, id_token: idToken } = JSON.parse(parameter) as Record<string, object | undefined>;
  return [...Object.keys(userinfo ?? {}), ...Object.keys(idToken ?? {})];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Chromium holds redirects after a form post to `form-action`; native apps return to a scheme of their own. */
export function formActionSource(redirectUri: string): string {
  const { origin, protocol } = new URL(redirectUri);
  return origin === 'null' ? protocol : origin;
}
