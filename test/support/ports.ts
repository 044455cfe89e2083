/** Ports for servers of a suite other than its nodes: free now, and reserved until the suite listens. */
import { createServer } from 'node:net';

/**
 * A separate range of ports for each worker, used in rotation: a port that a suite has chosen and not yet
 * opened is chosen by no other. Below the range that the system uses for outgoing connections, which cannot
 * occupy one later.
 */
function stretchOf(from: number, to: number, step: number): () => number {
  const workers = 4;
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 1) % workers;
  const many = Math.floor((to - from) / step / workers);
  let turn = Math.floor(Math.random() * many);
  return () => from + (worker * many + (turn++ % many)) * step;
}

const nextPort = stretchOf(10_100, 20_000, 1);
const nextPorts = stretchOf(20_000, 32_000, 3);

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = nextPort();
    if (await isFree(port)) return port;
  }
  throw new Error('no free port');
}

/** The first of three consecutive free ports, for a sandbox and its demo sites; above those of `freePort`. */
export async function freePorts(): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const first = nextPorts();
    const free = await Promise.all([0, 1, 2].map((i) => isFree(first + i)));
    if (free.every(Boolean)) return first;
  }
  throw new Error('no three free ports in a row');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (listening) await new Promise((resolve) => server.close(resolve));
  return listening;
}
