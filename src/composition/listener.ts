/** Starts the HTTP listener, with the pages for requests that never reach the app. */
import type { RequestListener } from 'node:http';
import { startListener, type Listener, type ListenerLimits } from '../platform/listener.ts';
import type { Log } from '../platform/log.ts';
import { UNREADABLE_PAGES } from '../http/unreadablePages.ts';

export { drainListeners, type Listener } from '../platform/listener.ts';

export async function listenOnPort(
  handle: RequestListener,
  port: number,
  host: string,
  keepAliveSeconds?: number,
  log?: Log,
  limits?: ListenerLimits,
): Promise<Listener> {
  const options = { unreadablePages: UNREADABLE_PAGES, limits, ...(log ? { log } : {}) };
  const timed = keepAliveSeconds === undefined ? options : { ...options, keepAliveSeconds };
  return await startListener(handle, { port, host }, timed);
}
