/**
 * A pooler in transaction mode, in small: every transaction gets whichever session is free; the real server
 * is behind it. It passes on no startup parameter. With `prepares` it keeps named statements of its clients,
 * as PgBouncer does from 1.21 on; without, a session has the statements that were prepared in it, as
 * before.
 */
import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';

export interface TransactionPoolerOptions {
  readonly sessions: number;
  readonly prepares: boolean;
  /** The session that waits longest is next, as with `server_round_robin`; else the one used last. */
  readonly isRoundRobin?: boolean;
}

export interface TransactionPooler {
  readonly url: string;
  /** How often a client got another session than for its transaction before. */
  switches(): number;
  /** Runs a statement in each session, while no client uses one. */
  runInSessions(text: string): Promise<void>;
  close(): Promise<void>;
}

interface Session {
  readonly socket: Socket;
  readonly client: pg.Client;
  readonly prepared: Set<string>;
  onMessage: (message: Buffer) => void;
}

const STARTUP_REFUSAL = Buffer.from(
  'SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: statement_timeout\0\0',
);
const AUTHENTICATED = Buffer.concat([message('R', int32(0)), message('Z', Buffer.from('I'))]);

/** @param url of the database; the sessions are opened with its user */
export async function startTransactionPooler(
  url: string,
  { sessions: many, prepares, isRoundRobin = false }: TransactionPoolerOptions,
): Promise<TransactionPooler> {
  const all = await Promise.all(Array.from({ length: many }, () => openSession(url)));
  const free = [...all];
  const waiting: ((session: Session) => void)[] = [];
  const open = new Set<Socket>();
  let switches = 0;

  const acquire = async (): Promise<Session> =>
    (isRoundRobin ? free.shift() : free.pop()) ?? (await new Promise((resolve) => waiting.push(resolve)));
  const release = (session: Session) => {
    const next = waiting.shift();
    if (next) next(session);
    else free.push(session);
  };

  const serve = (socket: Socket) => {
    const texts = new Map<string, Buffer>();
    let session: Session | null = null;
    let former: Session | null = null;
    let queue = Promise.resolve();

    /** Sends the messages up to a Sync or a simple query, and passes on all that is answered. */
    const exchange = async (batch: readonly Buffer[]) => {
      session ??= await acquire();
      const current = session;
      if (former !== null && former !== current) switches += 1;
      former = current;
      let swallowed = 0;
      const sent = batch.flatMap((one) => {
        if (!prepares || !['P', 'B'].includes(type(one))) return [one];
        const { name, rest } = readNamed(one);
        if (name === '') return [one];
        if (type(one) === 'P') texts.set(name, rest);
        const text = texts.get(name) ?? Buffer.alloc(0);
        const shared = createHash('sha256').update(text).digest('base64url');
        const parse = current.prepared.has(shared) ? [] : [message('P', Buffer.from(`${shared}\0`), text)];
        current.prepared.add(shared);
        if (type(one) === 'P') {
          if (parse.length === 0) socket.write(message('1'));
          return parse;
        }
        swallowed += parse.length;
        return [...parse, renameBind(one, shared)];
      });
      const isIdle = await new Promise<boolean>((resolve) => {
        current.onMessage = (answer) => {
          if (type(answer) === '1' && swallowed > 0) swallowed -= 1;
          else socket.write(answer);
          if (type(answer) === 'Z') resolve(answer[5] === 'I'.charCodeAt(0));
        };
        current.socket.write(Buffer.concat(sent));
      });
      if (!isIdle) return;
      session = null;
      release(current);
    };

    let batch: Buffer[] = [];
    let isStarted = false;
    socket.on(
      'data',
      splitMessages(
        () => isStarted,
        (one) => {
          if (!isStarted) {
            isStarted = true;
            const isRefused = one.includes('statement_timeout\0') || one.includes('\0options\0');
            return void (isRefused ? socket.end(message('E', STARTUP_REFUSAL)) : socket.write(AUTHENTICATED));
          }
          if (type(one) === 'X') return;
          batch.push(one);
          if (!['S', 'Q'].includes(type(one))) return;
          const whole = batch;
          batch = [];
          queue = queue.then(() => exchange(whole));
        },
      ),
    );
    socket.on('error', () => undefined);
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      if (!session) return;
      // As a pooler does with a transaction that its client left open; the answer goes nowhere.
      const left = session;
      session = null;
      left.onMessage = (answer) => void (type(answer) === 'Z' && release(left));
      left.socket.write(message('Q', Buffer.from('ROLLBACK\0')));
    });
  };

  const server = createServer({ noDelay: true }, serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pooled = new URL(url);
  pooled.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  pooled.searchParams.delete('host');
  return {
    url: pooled.href,
    switches: () => switches,
    runInSessions: async (text) => {
      for (const session of all)
        await new Promise<void>((resolve) => {
          session.onMessage = (answer) => void (type(answer) === 'Z' && resolve());
          session.socket.write(message('Q', Buffer.from(`${text}\0`)));
        });
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      for (const { socket } of all) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A session that the driver has opened, whose socket is then used directly. */
async function openSession(url: string): Promise<Session> {
  const client = new pg.Client({ connectionString: url, application_name: 'pooler' });
  client.on('error', () => undefined);
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.removeAllListeners('data');
  const session: Session = { socket: stream, client, prepared: new Set(), onMessage: () => undefined };
  stream.on(
    'data',
    splitMessages(
      () => true,
      (one) => session.onMessage(one),
    ),
  );
  return session;
}

/** Calls back with each whole message. A startup message has no type, only a length. */
function splitMessages(isTyped: () => boolean, onMessage: (one: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = isTyped() ? 1 : 0;
      if (rest.length < head + 4) return;
      const end = head + rest.readInt32BE(head);
      if (rest.length < end) return;
      const one = rest.subarray(0, end);
      rest = rest.subarray(end);
      onMessage(one);
    }
  };
}

const type = (one: Buffer): string => String.fromCharCode(one[0] ?? 0);

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function message(kind: string, ...bodies: readonly Buffer[]): Buffer {
  const body = Buffer.concat(bodies);
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
}

/** The statement that a Parse or Bind names, and what follows the name. */
function readNamed(one: Buffer): { name: string; rest: Buffer } {
  const start = type(one) === 'B' ? one.indexOf(0, 5) + 1 : 5;
  const end = one.indexOf(0, start);
  return { name: one.subarray(start, end).toString(), rest: one.subarray(end + 1) };
}

function renameBind(one: Buffer, name: string): Buffer {
  const portal = one.subarray(5, one.indexOf(0, 5) + 1);
  return message('B', portal, Buffer.from(`${name}\0`), readNamed(one).rest);
}
