/**
 * An authorization request that waits for its person is carried by their browser: sealed, in a cookie of its own for the
 * address of its pages. Nothing is written before somebody has shown something, so that whoever
 * asks a million times fills no table; and a step reads no record of the engine. What does not fit is kept as a record.
 *
 * That it led to an answer is a row (store/signIns), and so is everything that was shown.
 */
import type { Context, Middleware } from 'koa';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { currentUnitOfWork, type UnitOfWork } from '../store/unitOfWork.ts';
import { recordAdapter, type Ground } from './adapter.ts';
import { INTERACTION_SECONDS } from './lifetimes.ts';
import { readCookies, Visitor, type VisitorOptions } from './signIn/visitor.ts';

/**
 * Bytes of an interaction. Sealed and written as a cookie they become a third more, and with the other headers of an answer
 * fit into the 4,096 bytes that some proxies have for them.
 */
const FITS = 1_800;
/** In the place of one that is kept as a record: that the browser has it is what makes the interaction its own. */
const KEPT = '"kept"';

/** What this request has to do with interactions, as the engine asks for it. */
interface Carried {
  readonly visitor: Visitor;
  /** What the browser brought for the address that it asks, and what may have been planted beside it. */
  readonly brought: readonly string[];
  /** The visitors whom requests name that the browser brought, by uid. */
  readonly visitors: Map<string, string | null>;
  /** As JSON, by uid. */
  readonly saved: Map<string, string>;
  /** With what was shown, by uid: for the engine within this request, and for nobody to carry. */
  readonly handed: Map<string, string>;
  readonly answered: Set<string>;
}

const carriedBy = new WeakMap<UnitOfWork, Carried>();

function carried(): Carried {
  const found = carriedBy.get(currentUnitOfWork());
  if (!found) throw new Error('interactions are carried within a request');
  return found;
}

/**
 * Within the unit of work: the browser is given what is still to come, for where it goes next, and keeps nothing of what is
 * over.
 */
export function carryInteractions(options: VisitorOptions): Middleware {
  const { keyring, isSecure } = options;
  const name = isSecure ? '__Secure-noegle-request' : 'noegle-request';
  const write = (ctx: Context, uid: string, text: string | null) => {
    ctx.cookies.set(name, text, {
      signed: false,
      httpOnly: true,
      sameSite: 'lax',
      secure: isSecure,
      path: `/login/${uid}`,
      maxAge: INTERACTION_SECONDS * 1000,
    });
  };
  return async (ctx, next) => {
    const visitor = new Visitor(ctx, options);
    const { saved, answered } = keep({
      visitor,
      brought: readCookies(ctx, (one) => one === name),
      visitors: new Map(),
      saved: new Map(),
      handed: new Map(),
      answered: new Set(),
    });
    await next();
    if (saved.size > 0 || ctx.path.startsWith('/login/')) visitor.keep(ctx);
    for (const uid of answered) write(ctx, uid, null);
    for (const [uid, json] of saved) {
      write(ctx, uid, keyring.seal('records', json, contextOf(uid)).toString('base64url'));
    }
  };
}

/** The answer that was made was thrown away: the request waits as before. */
export function withdrawAnswer(uid: string): void {
  carried().answered.delete(uid);
}

function keep(state: Carried): Carried {
  carriedBy.set(currentUnitOfWork(), state);
  return state;
}

/** This browser sent a cookie of ours that a browser has from the first page of a sign-in on. */
export function bringsCookies(): boolean {
  const { visitor, brought } = carried();
  return visitor.isKnown || brought.length > 0;
}

/** Moved to another interaction it does not open. */
function contextOf(uid: string): string {
  return `carried interaction v1 ${uid}`;
}

export function interactionAdapter(ground: Ground): Adapter {
  const { keyring } = ground;
  const records = recordAdapter('Interaction', ground);
  const open = (text: string, uid: string): string | undefined => {
    try {
      return keyring.open('records', Buffer.from(text, 'base64url'), contextOf(uid));
    } catch {
      // Of another interaction, of another installation, or made up.
      return undefined;
    }
  };
  const read = async (json: string, uid: string) =>
    json === KEPT ? await records.find(uid) : (JSON.parse(json) as AdapterPayload);
  return {
    ...records,
    async find(uid) {
      const { brought, saved, handed, visitor, visitors } = carried();
      const own = handed.get(uid) ?? saved.get(uid);
      if (own !== undefined) return await read(own, uid);
      for (const text of brought) {
        const json = open(text, uid);
        const payload = json === undefined ? undefined : await read(json, uid);
        const named = payload && visitorIn(payload);
        if (named === undefined || (named !== null && !visitor.isNamed(named))) continue;
        visitors.set(uid, named);
        return payload;
      }
      return undefined;
    },
    async upsert(uid, payload, expiresIn) {
      if (payload.result && !('error' in payload.result)) {
        carried().handed.set(uid, JSON.stringify(payload));
        return;
      }
      const named = { ...payload, visitor: visitorToName(uid) };
      const json = JSON.stringify(named);
      const fits = Buffer.byteLength(json) <= FITS;
      carried().saved.set(uid, fits ? json : KEPT);
      if (!fits) await records.upsert(uid, named, expiresIn);
    },
    destroy(uid) {
      const { saved, handed, answered } = carried();
      saved.delete(uid);
      handed.delete(uid);
      answered.add(uid);
      // Of two requests that resume it, one gets a code.
      currentUnitOfWork().answer(keyring.interactionKey(uid));
      return Promise.resolve();
    },
  };
}

/** In what is sealed, where nodes of the version before pass over it. Null: sealed by such a node. */
function visitorIn(payload: AdapterPayload): string | null {
  const { visitor } = payload as { visitor?: unknown };
  return typeof visitor === 'string' ? visitor : null;
}

/**
 * What names nobody was begun on a node of the version before. It is led on as it came, until its browser has
 * the cookie. Once no such node runs, `null` opens nothing, and `visitor.name` is all that is left here.
 */
function visitorToName(uid: string): string | null {
  const { visitor, visitors } = carried();
  const named = visitors.get(uid);
  if (named === undefined) return visitor.name;
  return named ?? (visitor.isKept ? visitor.name : null);
}
