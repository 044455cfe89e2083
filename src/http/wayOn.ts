/** Where a person goes from an error page: the same once more, where that helps, and a page that is there. */
import type { Context } from 'koa';
import { RETRYABLE_KINDS, type ErrorPageKind } from '../ui/httpError.ts';
import type { WayOn } from '../ui/pages/error.page.tsx';

/** The first page of each part, by the first word of its paths. */
const PARTS: Readonly<Record<string, WayOn['to']>> = {
  'self-service': 'selfService',
  desk: 'desk',
  order: 'order',
  activate: 'activate',
  block: 'block',
  'new-password': 'newPassword',
  session: 'session',
  help: 'help',
};

/** In these the person was on the way to a service, and only the service can begin again. */
const ON_THE_WAY: ReadonlySet<ErrorPageKind> = new Set(['expired', 'answered', 'bad_request']);

/** The same address would be refused again; the page without its parameters may be there. */
const REFUSED_AS_SENT: ReadonlySet<ErrorPageKind> = new Set(['bad_form', 'too_large']);

/** Browsers read `//name` and `/\name` as another host. */
const IS_ON_THIS_HOST = /^\/(?![/\\])/;

/** Its code has been used, whatever the answer was. */
const IS_CALLBACK = /\/callback$/;

/** @param hasPage whether a path is answered with a page */
export function findWayOn(
  ctx: Pick<Context, 'method' | 'path' | 'url'>,
  kind: ErrorPageKind,
  hasPage: (path: string) => boolean,
): { tryAgain: string | null; way: WayOn['to'] } {
  const { method, path, url } = ctx;
  const isRead = method === 'GET' || method === 'HEAD';
  const part = PARTS[path.split('/')[1] ?? ''];
  const isPartItself = part !== undefined && path.lastIndexOf('/') === 0;
  const isSameRequest = isRead && !REFUSED_AS_SENT.has(kind) && IS_ON_THIS_HOST.test(url);
  const canRetry = RETRYABLE_KINDS.has(kind) && !IS_CALLBACK.test(path) && (isSameRequest || hasPage(path));
  const tryAgain = canRetry ? (isSameRequest ? url : path) : null;
  if (ON_THE_WAY.has(kind) && part === undefined) return { tryAgain, way: 'services' };
  // A part that has just failed is no way on from itself, unless by beginning there again.
  return { tryAgain, way: part && !(isPartItself && tryAgain) && kind !== 'mismatch' ? part : 'home' };
}
