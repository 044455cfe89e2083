/** The connection of a request: whether a client still waits for the response. */
import type { Context } from 'koa';

/** Aborted when the connection closes before the response was sent. */
export function createConnectionSignal({ req, res }: Context): AbortSignal {
  const controller = new AbortController();
  if (req.socket.destroyed) controller.abort();
  else {
    res.once('close', () => {
      if (!res.writableFinished) controller.abort();
    });
  }
  return controller.signal;
}
