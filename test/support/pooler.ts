/**
 * A pooler's handling of the start of a connection, with the messages of PgBouncer; the real server is behind
 * it.
 */
import { connect, createServer, type AddressInfo } from 'node:net';

export interface PoolerHabits {
  /** Refuses connections that send this parameter. */
  readonly refuses?: string;
  /** Silently drops these parameters. */
  readonly drops?: readonly string[];
}

export interface Pooler {
  url(original: string): string;
  close(): Promise<void>;
}

export async function startPooler(server: URL, { refuses, drops = [] }: PoolerHabits): Promise<Pooler> {
  const open = new Set<{ destroy(): void }>();
  const pooler = createServer({ noDelay: true }, (client) => {
    const upstream = connect(Number(server.port || 5432), server.hostname).setNoDelay(true);
    for (const one of [client, upstream]) {
      open.add(one);
      one.on('error', () => undefined);
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.once('data', (chunk: Buffer) => {
      const parameters = readStartup(chunk);
      if (refuses && parameters.has(refuses)) {
        return void client.end(errorResponse('08P01', `unsupported startup parameter: ${refuses}`));
      }
      for (const name of drops) parameters.delete(name);
      upstream.write(writeStartup(chunk, parameters));
      client.pipe(upstream);
      upstream.pipe(client);
    });
  });
  await new Promise<void>((resolve) => pooler.listen(0, '127.0.0.1', resolve));
  const { port } = pooler.address() as AddressInfo;
  return {
    url: (original) => {
      const url = new URL(original);
      url.host = `127.0.0.1:${port}`;
      url.searchParams.delete('host');
      return url.href;
    },
    close: async () => {
      for (const one of open) one.destroy();
      await new Promise<void>((resolve) => pooler.close(() => resolve()));
    },
  };
}

/** Length and version, four bytes each, then names and values, ended by zeros. */
const HEAD = 8;

function readStartup(message: Buffer): Map<string, string> {
  const words = message.subarray(HEAD).toString().split('\0');
  const parameters = new Map<string, string>();
  for (let i = 0; words[i]; i += 2) parameters.set(words[i] ?? '', words[i + 1] ?? '');
  return parameters;
}

function writeStartup(original: Buffer, parameters: ReadonlyMap<string, string>): Buffer {
  const words = [...parameters].flatMap(([name, value]) => [name, value]);
  const body = Buffer.from([...words, '', ''].join('\0'));
  const head = Buffer.from(original.subarray(0, HEAD));
  head.writeInt32BE(HEAD + body.length, 0);
  return Buffer.concat([head, body]);
}

function errorResponse(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
