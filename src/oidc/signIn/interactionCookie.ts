/**
 * A pending authorization request is stored in its browser: sealed, in a cookie with the path of its pages.
 * Nothing is written to the database before someone has authenticated, so that a million requests fill no
 * table, and a step reads no record of the provider. A request that does not fit into one cookie is split
 * into up to three (domain/cookies/cookieParts.ts). A longer one is refused, unless an authenticated client
 * pushed it: then its parameters are stored, once for each push.
 *
 * A row records that a request was answered (db/signIn), and every factor that was given.
 */
import type { Context, Middleware } from 'koa';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import {
  joinCookies,
  listPartNames,
  readCookieHeader,
  splitIntoCookies,
  type CookiePair,
} from '../../domain/cookies/cookieParts.ts';
import { RequestValue } from '../../domain/requestValue.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { createRecordAdapter, type OidcRecordDeps } from '../records/adapter.ts';
import { INTERACTION_SECONDS } from '../tokens/lifetimes.ts';
import {
  isTooLongForCookie,
  openRequest,
  sealPushedRequest,
  sealRequest,
  composeTooLongError,
} from '../request/sealedRequest.ts';
import { claimUnauthenticatedPush, findUnauthenticatedPush } from '../request/pushedRequests.ts';
import { MAX_COOKIES_READ, BrowserId, type BrowserIdOptions } from './browserId.ts';

/** A random mark that distinguishes the parts of one text from those of another. */
const MARK_BYTES = 6;

/** The interactions of this request, as the provider asks for them. */
interface InteractionCookieState {
  readonly browserId: BrowserId;
  /** The texts that the browser sent for this path, including any that were planted. */
  readonly sentTexts: readonly string[];
  /** The browser ids that the sent requests name, by uid. */
  readonly browserIds: Map<string, string | null>;
  /** By uid: the request as JSON, and as cookies. */
  readonly saved: Map<string, { readonly json: string; readonly cookies: readonly CookiePair[] }>;
  /** Returns null where the text does not fit into three cookies. */
  readonly split: (text: string) => CookiePair[] | null;
  /**
   * Requests with the person's result, by uid: for the provider within this request, and never stored in
   * cookies.
   */
  readonly withResult: Map<string, string>;
  readonly answered: Set<string>;
}

const INTERACTION_STATE = new RequestValue<InteractionCookieState>('interactions');

function requireInteractionState(): InteractionCookieState {
  const found = INTERACTION_STATE.find(requireUnitOfWork());
  if (!found) throw new Error('interactions exist only within a request');
  return found;
}

/**
 * Runs within the unit of work. It sets the cookies of pending requests for the path that comes next, and
 * clears those of requests that are over.
 */
export function keepInteractionsInCookies(options: BrowserIdOptions): Middleware {
  const { isSecure } = options;
  const name = isSecure ? '__Secure-noegle-request' : 'noegle-request';
  const write = (ctx: Context, uid: string, cookie: { name: string; value: string | null }) => {
    ctx.cookies.set(cookie.name, cookie.value, {
      signed: false,
      httpOnly: true,
      sameSite: 'lax',
      secure: isSecure,
      path: `/login/${uid}`,
      maxAge: INTERACTION_SECONDS * 1000,
    });
  };
  return async (ctx, next) => {
    const browserId = new BrowserId(ctx, options);
    const sentCookies = readCookieHeader(ctx.get('Cookie'))
      .filter((one) => listPartNames(name).includes(one.name))
      .slice(0, MAX_COOKIES_READ);
    const split = (text: string) =>
      splitIntoCookies(name, text, options.random.bytes(MARK_BYTES).toString('base64url'));
    const { saved, answered } = storeInteractionState({
      browserId,
      sentTexts: joinCookies(name, sentCookies),
      browserIds: new Map(),
      saved: new Map(),
      split,
      withResult: new Map(),
      answered: new Set(),
    });
    await next();
    if (saved.size > 0 || ctx.path.startsWith('/login/')) browserId.keep(ctx);
    const forget = (uid: string, but: readonly CookiePair[]) => {
      const written = new Set(but.map((one) => one.name));
      const others = listPartNames(name).filter((part) => sentCookies.some((one) => one.name === part));
      for (const part of others) if (!written.has(part)) write(ctx, uid, { name: part, value: null });
    };
    for (const uid of answered) forget(uid, []);
    for (const [uid, { cookies }] of saved) {
      if (ctx.path === `/login/${uid}`) forget(uid, cookies);
      for (const cookie of cookies) write(ctx, uid, cookie);
    }
  };
}

/** The prepared response was discarded: the request stays pending. */
export function withdrawInteractionAnswer(uid: string): void {
  requireInteractionState().answered.delete(uid);
}

function storeInteractionState(state: InteractionCookieState): InteractionCookieState {
  INTERACTION_STATE.set(requireUnitOfWork(), state);
  return state;
}

/** This browser sent a cookie that the first page of a sign-in sets. */
export function hasInteractionCookie(): boolean {
  const { browserId, sentTexts } = requireInteractionState();
  return browserId.isKnown || sentTexts.length > 0;
}

export function createInteractionAdapter(deps: OidcRecordDeps): Adapter {
  const { keyring } = deps;
  const records = createRecordAdapter('Interaction', deps);
  const read = async (text: string, uid: string): Promise<AdapterPayload | undefined> => {
    const opened = openRequest(keyring, uid, text);
    if (!opened) return undefined;
    if (opened.kind === 'kept') return (await records.find(uid)) ?? undefined;
    if (opened.kind === 'whole') return opened.payload;
    const stored = await records.find(composeParametersKey(opened.parametersOf));
    return stored ? { ...opened.payload, params: stored.params } : undefined;
  };
  /**
   * Stores the parameters of a request that an authenticated client pushed.
   * @throws InvalidRequest for any other request
   */
  const keepParameters = async (uid: string, payload: AdapterPayload, expiresIn?: number) => {
    const { params, parJti } = payload as AdapterPayload & { parJti?: string };
    const cookies =
      parJti && requireInteractionState().split(sealPushedRequest(keyring, uid, payload, parJti));
    if (!parJti || !cookies) throw composeTooLongError(payload);
    await records.upsert(composeParametersKey(parJti), { params }, expiresIn ?? INTERACTION_SECONDS);
    return { json: JSON.stringify(payload), cookies };
  };
  return {
    ...records,
    async find(uid) {
      const { sentTexts, saved, withResult, browserId, browserIds } = requireInteractionState();
      const known = withResult.get(uid) ?? saved.get(uid)?.json;
      if (known !== undefined) return JSON.parse(known) as AdapterPayload;
      for (const text of sentTexts) {
        const payload = await read(text, uid);
        const ownerId = payload && readBrowserInPayload(payload);
        if (ownerId === undefined || (ownerId !== null && !browserId.hasName(ownerId))) continue;
        browserIds.set(uid, ownerId);
        return payload;
      }
      return undefined;
    },
    async upsert(uid, payload, expiresIn) {
      const { saved, split } = requireInteractionState();
      if (payload.result && !('error' in payload.result)) {
        requireInteractionState().withResult.set(uid, JSON.stringify(payload));
        return;
      }
      const stored: AdapterPayload = { ...payload, visitor: findBrowserToName(uid) };
      const unauthenticatedPush = findUnauthenticatedPush();
      if (unauthenticatedPush !== null) delete stored['parJti'];
      const cookies = isTooLongForCookie(stored) ? null : split(sealRequest(keyring, uid, stored));
      if (unauthenticatedPush !== null) await claimUnauthenticatedPush(deps, unauthenticatedPush);
      if (cookies) saved.set(uid, { json: JSON.stringify(stored), cookies });
      else saved.set(uid, await keepParameters(uid, stored, expiresIn));
    },
    destroy(uid) {
      const { saved, withResult, answered } = requireInteractionState();
      saved.delete(uid);
      withResult.delete(uid);
      answered.add(uid);
      // When two requests resume it concurrently, exactly one gets a code.
      requireUnitOfWork().answerInteraction(keyring.hashInteractionId(uid));
      return Promise.resolve();
    },
  };
}

/** One row for each pushed request, regardless of how often its URL is opened. */
function composeParametersKey(pushed: string): string {
  return `parameters of ${pushed}`;
}

/**
 * Reads the browser id from the sealed payload; nodes of the previous version ignore it. Null: sealed by such
 * a node.
 */
function readBrowserInPayload(payload: AdapterPayload): string | null {
  const { visitor: browserId } = payload as { visitor?: unknown };
  return typeof browserId === 'string' ? browserId : null;
}

/**
 * A request without a browser id was begun on a node of the previous version. It continues as it is until its
 * browser has the cookie. Once no such node runs, `null` can be rejected and only `browserId.name` is needed
 * here.
 */
function findBrowserToName(uid: string): string | null {
  const { browserId, browserIds } = requireInteractionState();
  const knownId = browserIds.get(uid);
  if (knownId === undefined) return browserId.name;
  return knownId ?? (browserId.isPersistent ? browserId.name : null);
}
