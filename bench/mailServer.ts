/** A mail server that accepts everything and keeps nothing. */
import { SMTPServer } from 'smtp-server';

export interface BenchMailServer {
  readonly port: number;
  /** Resolves once this many mails have arrived since the last call. */
  received(many: number): Promise<void>;
  stop(): Promise<void>;
}

const MAX_WAIT_MS = 60_000;

export async function startMailServer(): Promise<BenchMailServer> {
  let count = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, callback) => {
      stream.on('end', () => {
        count += 1;
        callback();
      });
      stream.resume();
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    received: async (many) => {
      const until = performance.now() + MAX_WAIT_MS;
      for (;;) {
        if (count >= many) break;
        if (performance.now() > until) throw new Error(`${count} of ${many} notices came`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      count = 0;
    },
    stop: async () => await new Promise((resolve) => server.close(() => resolve())),
  };
}
