/** Starts the HTTP listener, with the page for requests whose headers are too large. */
import type { RequestListener } from 'node:http';
import { startListener, type Listener, type ListenerLimits } from '../platform/listener.ts';
import type { Log } from '../platform/log.ts';
import { HEADERS_TOO_LARGE } from '../http/headersTooLarge.ts';

export { drainListeners, type Listener } from '../platform/listener.ts';

export async function listenOnPort(
  handle: RequestListener,
  port: number,
  host: string,
  keepAliveSeconds?: number,
  log?: Log,
  limits?: ListenerLimits,
): Promise<Listener> {
  const options = { headersTooLarge: HEADERS_TOO_LARGE, limits, ...(log ? { log } : {}) };
  const timed = keepAliveSeconds === undefined ? options : { ...options, keepAliveSeconds };
  return await startListener(handle, { port, host }, timed);
}
