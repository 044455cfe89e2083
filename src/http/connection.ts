/** The connection of a request: whether anybody still waits for the answer. */
import type { Context } from 'koa';

/** Aborted when the connection closes before the answer was sent. */
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
