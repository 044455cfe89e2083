/** Takes connections, and lets go of them. */
import { createServer, type RequestListener, type Server } from 'node:http';

/** A server that can be drained: no new connections, what runs is finished, what hangs is cut off in the end. */
export async function listen(handle: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer((req, res) => {
    // Anything but a path (another site's address, an asterisk) is no request for us, and no library takes it well.
    if (req.url?.startsWith('/') && URL.canParse(req.url, 'http://host')) handle(req, res);
    else res.writeHead(400, { 'Content-Type': 'text/plain' }).end('Bad Request');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

const DRAIN_MS = 10_000;

export async function drain(servers: readonly Server[]): Promise<void> {
  const cut = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, DRAIN_MS);
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeIdleConnections();
        }),
    ),
  );
  clearTimeout(cut);
}
