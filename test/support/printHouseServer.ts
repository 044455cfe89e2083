/**
 * A print house that receives sealed letters over HTTP and decrypts them, as a real one would; and one that
 * misbehaves.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { compactDecrypt, type CompactJWEHeaderParameters, type JWK } from 'jose';
import { freePort } from './ports.ts';

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface OpenedLetter {
  readonly letterId: string;
  readonly kind: string;
  readonly postOn: string;
  readonly batch: string;
  readonly format: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly pdf: Buffer;
  /** For an embosser, of a letter in Braille. */
  readonly brf: Buffer | null;
  /** The private key that opened it. */
  readonly openedBy: 'cards' | 'passwords';
  readonly header: CompactJWEHeaderParameters;
}

export interface PrintHouseServer {
  readonly url: string;
  /** Public keys, with a `kid`. */
  readonly cardJwk: JWK;
  readonly passwordJwk: JWK;
  /** Letter id -> the letter: one per id, the first. */
  readonly letters: ReadonlyMap<string, OpenedLetter>;
  /** Letter id -> what was put there last, still sealed. */
  readonly bodies: ReadonlyMap<string, string>;
  /** Letter id -> how often it was handed over, with any outcome. */
  readonly puts: ReadonlyMap<string, number>;
  /**
   * The next `many` hand-overs get this answer, and are not kept. A redirect points to a place where they
   * would be.
   */
  failNext(many: number, status?: number): void;
  /** The next `many` letters are kept, and the connection is cut before the answer. */
  loseNext(many: number): void;
  /** From now on requests are accepted and not answered, until `resume`. */
  hang(): void;
  resume(): void;
  stop(): Promise<void>;
  /** Restarts on the same port. */
  start(): Promise<void>;
}

/** What it demands of a sender. */
export interface PrintHouseAccess {
  /** Each letter has to bring this one. */
  token?: string;
  /** Its own certificate, and that of the only client that it accepts. */
  readonly tls?: { readonly key: string; readonly cert: string; clientCert?: string };
}

export async function startPrintHouse(
  pairs: { cards?: KeyPair; passwords?: KeyPair } = {},
  access: PrintHouseAccess = {},
): Promise<PrintHouseServer> {
  const keys: Record<OpenedLetter['openedBy'], KeyPair> = {
    cards: pairs.cards ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    passwords: pairs.passwords ?? generateKeyPairSync('x25519'),
  };
  const letters = new Map<string, OpenedLetter>();
  const puts = new Map<string, number>();
  const bodies = new Map<string, string>();
  const fails: number[] = [];
  let lost = 0;
  let hangs = false;
  let server: Server;
  const port = await freePort();

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const id = decodeURIComponent(req.url?.split('/').at(-1) ?? '');
    const body = await bodyOf(req);
    puts.set(id, (puts.get(id) ?? 0) + 1);
    bodies.set(id, body);
    if (hangs) return;
    if (access.token !== undefined && req.headers.authorization !== `Bearer ${access.token}`) {
      res.writeHead(401).end();
      return;
    }
    const status = fails.shift();
    if (status !== undefined) {
      // Real ones repeat the request in the answer.
      res.writeHead(status, status >= 300 && status < 400 ? { location: `/moved/${id}` } : {}).end(body);
      return;
    }
    if (req.method !== 'PUT' || req.headers['content-type'] !== 'application/jose') {
      res.writeHead(415).end();
      return;
    }
    const opened = await openLetter(body, keys);
    if (opened?.letterId !== id) {
      res.writeHead(400).end();
      return;
    }
    const isNew = !letters.has(id);
    if (isNew) letters.set(id, opened);
    if (lost > 0) {
      lost -= 1;
      req.socket.destroy();
      return;
    }
    res.writeHead(isNew ? 201 : 409).end();
  }

  async function start(): Promise<void> {
    const listener = (req: IncomingMessage, res: ServerResponse) => {
      answer(req, res).catch(() => req.socket.destroy());
    };
    const { tls } = access;
    server = tls
      ? createTlsServer(
          { ...tls, ...(tls.clientCert ? { ca: tls.clientCert, requestCert: true } : {}) },
          listener,
        )
      : createServer(listener);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  }

  await start();
  return {
    url: access.tls ? `https://localhost:${port}/letters` : `http://127.0.0.1:${port}/letters`,
    cardJwk: publicJwk(keys.cards, 'cards'),
    passwordJwk: publicJwk(keys.passwords, 'passwords'),
    letters,
    bodies,
    puts,
    failNext: (many, status = 500) => void fails.push(...Array.from({ length: many }, () => status)),
    loseNext: (many) => void (lost = many),
    hang: () => void (hangs = true),
    resume: () => void (hangs = false),
    start,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function publicJwk({ publicKey }: KeyPair, kid: string): JWK {
  return { ...publicKey.export({ format: 'jwk' }), kid };
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Returns null when neither key opens it. */
async function openLetter(
  jwe: string,
  keys: Record<OpenedLetter['openedBy'], KeyPair>,
): Promise<OpenedLetter | null> {
  for (const openedBy of ['cards', 'passwords'] as const) {
    const opened = await compactDecrypt(jwe, keys[openedBy].privateKey).catch(() => null);
    if (!opened) continue;
    const plain = JSON.parse(Buffer.from(opened.plaintext).toString()) as OpenedLetter & {
      pdf: string;
      brf?: string;
    };
    return {
      ...plain,
      pdf: Buffer.from(plain.pdf, 'base64url'),
      brf: plain.brf === undefined ? null : Buffer.from(plain.brf, 'base64url'),
      openedBy,
      header: opened.protectedHeader,
    };
  }
  return null;
}
