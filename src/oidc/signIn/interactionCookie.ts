/**
 * An authorization request that waits for its person is carried by their browser: sealed, in a cookie of its own for the
 * address of its pages. Nothing is written before somebody has shown something, so that whoever
 * asks a million times fills no table; and a step reads no record of the engine. What does not fit into one
 * cookie travels in up to three (core/carried). What is longer is refused, unless a client that proved who it
 * is has pushed it: then its parameters are kept, once for each push.
 *
 * That it led to an answer is a row (store/signIns), and so is everything that was shown.
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

/** Within it the parts of one text are told from those of another. */
const MARK_BYTES = 6;

/** What this request has to do with interactions, as the engine asks for it. */
interface InteractionCookieState {
  readonly browserId: BrowserId;
  /** What the browser brought for the address that it asks, and what may have been planted beside it. */
  readonly brought: readonly string[];
  /** The visitors whom requests name that the browser brought, by uid. */
  readonly browserIds: Map<string, string | null>;
  /** By uid: as JSON, and as the cookies of its browser. */
  readonly saved: Map<string, { readonly json: string; readonly cookies: readonly CookiePair[] }>;
  /** Null where three do not hold it. */
  readonly split: (text: string) => CookiePair[] | null;
  /** With what was shown, by uid: for the engine within this request, and for nobody to carry. */
  readonly handed: Map<string, string>;
  readonly answered: Set<string>;
}

const CARRIED = new RequestValue<InteractionCookieState>('interactions');

function requireInteractionState(): InteractionCookieState {
  const found = CARRIED.find(requireUnitOfWork());
  if (!found) throw new Error('interactions are carried within a request');
  return found;
}

/**
 * Within the unit of work: the browser is given what is still to come, for where it goes next, and keeps nothing of what is
 * over.
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
    const brought = readCookieHeader(ctx.get('Cookie'))
      .filter((one) => listPartNames(name).includes(one.name))
      .slice(0, MAX_COOKIES_READ);
    const split = (text: string) =>
      splitIntoCookies(name, text, options.random.bytes(MARK_BYTES).toString('base64url'));
    const { saved, answered } = storeInteractionState({
      browserId,
      brought: joinCookies(name, brought),
      browserIds: new Map(),
      saved: new Map(),
      split,
      handed: new Map(),
      answered: new Set(),
    });
    await next();
    if (saved.size > 0 || ctx.path.startsWith('/login/')) browserId.keep(ctx);
    const forget = (uid: string, but: readonly CookiePair[]) => {
      const written = new Set(but.map((one) => one.name));
      const others = listPartNames(name).filter((part) => brought.some((one) => one.name === part));
      for (const part of others) if (!written.has(part)) write(ctx, uid, { name: part, value: null });
    };
    for (const uid of answered) forget(uid, []);
    for (const [uid, { cookies }] of saved) {
      if (ctx.path === `/login/${uid}`) forget(uid, cookies);
      for (const cookie of cookies) write(ctx, uid, cookie);
    }
  };
}

/** The answer that was made was thrown away: the request waits as before. */
export function withdrawInteractionAnswer(uid: string): void {
  requireInteractionState().answered.delete(uid);
}

function storeInteractionState(state: InteractionCookieState): InteractionCookieState {
  CARRIED.set(requireUnitOfWork(), state);
  return state;
}

/** This browser sent a cookie of ours that a browser has from the first page of a sign-in on. */
export function hasInteractionCookie(): boolean {
  const { browserId, brought } = requireInteractionState();
  return browserId.isKnown || brought.length > 0;
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
  /** Of a request that a client which proved who it is has pushed. @throws for any other */
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
      const { brought, saved, handed, browserId, browserIds } = requireInteractionState();
      const own = handed.get(uid) ?? saved.get(uid)?.json;
      if (own !== undefined) return JSON.parse(own) as AdapterPayload;
      for (const text of brought) {
        const payload = await read(text, uid);
        const named = payload && readBrowserInPayload(payload);
        if (named === undefined || (named !== null && !browserId.hasName(named))) continue;
        browserIds.set(uid, named);
        return payload;
      }
      return undefined;
    },
    async upsert(uid, payload, expiresIn) {
      const { saved, split } = requireInteractionState();
      if (payload.result && !('error' in payload.result)) {
        requireInteractionState().handed.set(uid, JSON.stringify(payload));
        return;
      }
      const named: AdapterPayload = { ...payload, visitor: findBrowserToName(uid) };
      const unproven = findUnauthenticatedPush();
      if (unproven !== null) delete named['parJti'];
      const cookies = isTooLongForCookie(named) ? null : split(sealRequest(keyring, uid, named));
      if (unproven !== null) await claimUnauthenticatedPush(deps, unproven);
      if (cookies) saved.set(uid, { json: JSON.stringify(named), cookies });
      else saved.set(uid, await keepParameters(uid, named, expiresIn));
    },
    destroy(uid) {
      const { saved, handed, answered } = requireInteractionState();
      saved.delete(uid);
      handed.delete(uid);
      answered.add(uid);
      // Of two requests that resume it, one gets a code.
      requireUnitOfWork().answerInteraction(keyring.hashInteractionId(uid));
      return Promise.resolve();
    },
  };
}

/** However often the address that was pushed is opened, it is one row. */
function composeParametersKey(pushed: string): string {
  return `parameters of ${pushed}`;
}

/** In what is sealed, where nodes of the version before pass over it. Null: sealed by such a node. */
function readBrowserInPayload(payload: AdapterPayload): string | null {
  const { visitor: browserId } = payload as { visitor?: unknown };
  return typeof browserId === 'string' ? browserId : null;
}

/**
 * What names nobody was begun on a node of the version before. It is led on as it came, until its browser has
 * the cookie. Once no such node runs, `null` opens nothing, and `visitor.name` is all that is left here.
 */
function findBrowserToName(uid: string): string | null {
  const { browserId, browserIds } = requireInteractionState();
  const named = browserIds.get(uid);
  if (named === undefined) return browserId.name;
  return named ?? (browserId.isPersistent ? browserId.name : null);
}
