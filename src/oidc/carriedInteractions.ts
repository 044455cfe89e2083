/**
 * An authorization request that waits for its person is carried by their browser: sealed, in a cookie of its own for each
 * of the two addresses at which it goes on. Nothing is written before somebody has shown something, so that whoever
 * asks a million times fills no table; and a step reads no record of the engine. What does not fit is kept as a record.
 *
 * That it led to an answer is a row (store/signIns), and so is everything that was shown.
 */
import type { Context, Middleware } from 'koa';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Keyring } from '../platform/keyring.ts';
import { currentUnitOfWork, type UnitOfWork } from '../store/unitOfWork.ts';
import { recordAdapter, type Ground } from './adapter.ts';
import { INTERACTION_SECONDS } from './lifetimes.ts';

/**
 * Bytes of an interaction. Sealed and written as a cookie they become a third more, and with the other headers of an answer
 * fit into the 4,096 bytes that some proxies have for them.
 */
const FITS = 1_800;
/** In the place of one that is kept as a record: that the browser has it is what makes the interaction its own. */
const KEPT = '"kept"';

/** What this request has to do with interactions, as the engine asks for it. */
interface Carried {
  /** What the browser brought for the address that it asks. */
  readonly brought: string | undefined;
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
export function carryInteractions(keyring: Keyring, isSecure: boolean): Middleware {
  const name = isSecure ? '__Secure-noegle-request' : 'noegle-request';
  const pages = (uid: string) => `/login/${uid}`;
  const end = (uid: string) => `/auth/${uid}`;
  const write = (ctx: Context, path: string, text: string | null) => {
    ctx.cookies.set(name, text, {
      signed: false,
      httpOnly: true,
      sameSite: 'lax',
      secure: isSecure,
      path,
      maxAge: INTERACTION_SECONDS * 1000,
    });
  };
  return async (ctx, next) => {
    const brought = ctx.cookies.get(name, { signed: false });
    const { saved, answered } = keep({ brought, saved: new Map(), handed: new Map(), answered: new Set() });
    await next();
    for (const uid of answered) for (const path of [pages(uid), end(uid)]) write(ctx, path, null);
    for (const [uid, json] of saved) {
      const goesTo = ctx.path === pages(uid) ? end(uid) : pages(uid);
      write(ctx, goesTo, keyring.seal('records', json, contextOf(uid)).toString('base64url'));
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
  return {
    ...records,
    async find(uid) {
      const { brought, saved, handed } = carried();
      const json = handed.get(uid) ?? saved.get(uid) ?? (brought ? open(brought, uid) : undefined);
      if (json === KEPT) return await records.find(uid);
      return json === undefined ? undefined : (JSON.parse(json) as AdapterPayload);
    },
    async upsert(uid, payload, expiresIn) {
      const json = JSON.stringify(payload);
      if (payload.result && !('error' in payload.result)) {
        carried().handed.set(uid, json);
        return;
      }
      const fits = Buffer.byteLength(json) <= FITS;
      carried().saved.set(uid, fits ? json : KEPT);
      if (!fits) await records.upsert(uid, payload, expiresIn);
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
