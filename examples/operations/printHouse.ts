/**
 * A print house to rehearse with, on this machine: it keeps each letter as a PDF, and its content as JSON, in
 * a folder. It shows what a real one does: it knows its sender by the token, opens a letter with the private
 * key, and keeps one letter for each id.
 *
 *   node examples/operations/printHouse.ts KEYS LETTERS [PORT]
 *
 * KEYS is a folder that `print-keys make` made; PORT is 9400 unless given. Never for letters to people: one
 * machine has both private keys here.
 */
import { timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { compactDecrypt, importJWK } from 'jose';

const MAX_BYTES = 8_000_000;
const [keysFolder = '', lettersFolder = '', port = '9400'] = process.argv.slice(2);
if (keysFolder === '' || lettersFolder === '') {
  process.stderr.write('Usage: node examples/operations/printHouse.ts KEYS LETTERS [PORT]\n');
  process.exit(1);
}
const read = (name: string) => readFileSync(path.join(keysFolder, name), 'utf8');
const expected = Buffer.from(`Bearer ${read('token').trim()}`);
const keys = await Promise.all(
  ['cards', 'passwords'].map((kind) => importJWK(JSON.parse(read(`${kind}.private.jwk`)))),
);
mkdirSync(lettersFolder, { recursive: true, mode: 0o700 });

function isKnown({ headers }: IncomingMessage): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BYTES) throw new Error('too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

interface SealedLetter {
  readonly letterId: string;
  readonly kind: string;
  readonly postOn: string;
  readonly content: object;
  readonly pdf: string;
  readonly brf?: string;
}

async function openLetter(jwe: string): Promise<SealedLetter | null> {
  for (const key of keys) {
    const opened = await compactDecrypt(jwe, key).catch(() => null);
    if (opened) return JSON.parse(Buffer.from(opened.plaintext).toString()) as SealedLetter;
  }
  return null;
}

/** @returns the status of the answer */
async function receiveLetter(request: IncomingMessage): Promise<number> {
  if (!isKnown(request)) return 401;
  const id = /^\/letters\/([A-Za-z0-9-]{1,100})$/.exec(request.url ?? '')?.[1];
  if (request.method !== 'PUT' || !id) return 404;
  const accepted = path.join(lettersFolder, `.${id}`);
  if (existsSync(accepted)) return 409;
  const letter = await openLetter(await readBody(request));
  if (letter?.letterId !== id) return 400;
  const file = path.join(lettersFolder, `${letter.postOn}-${letter.kind}-${id}`);
  const write = (name: string, data: string | Buffer) => writeFileSync(name, data, { mode: 0o600 });
  write(`${file}.pdf`, Buffer.from(letter.pdf, 'base64url'));
  if (letter.brf) write(`${file}.brf`, Buffer.from(letter.brf, 'base64url'));
  write(`${file}.json`, JSON.stringify(letter.content, null, 2));
  write(accepted, '');
  process.stdout.write(`${file}.pdf\n`);
  return 201;
}

createServer((request, response) => {
  receiveLetter(request).then(
    (status) => response.writeHead(status).end(),
    () => response.writeHead(500).end(),
  );
}).listen(Number(port), '127.0.0.1', () => process.stdout.write(`listening on 127.0.0.1:${port}\n`));
