/**
 * The command `print-keys make`: what a print house and Nøgle have to share, for a print house that the
 * operator runs or rehearses with. Others make their keys themselves, and hand over the public ones.
 */
import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import { drawSecret } from '../domain/random.ts';
import { realClock } from '../platform/clock.ts';
import { realRandom } from '../platform/random.ts';
import type { CommandOutcome } from './keys.ts';
import { writeNewFiles, type MadeFile } from './writeSecretFile.ts';

const NEVER_OVERWRITTEN =
  'letters that are sealed to it open with no other. For new ones name another folder';

export function makePrintKeys(folder: string): CommandOutcome {
  const day = realClock.now().toISOString().slice(0, 10);
  const keys = ['cards', 'passwords'].flatMap((kind) => makePair(folder, kind, `${kind}-${day}`));
  const token = { file: path.join(folder, 'token'), text: `${drawSecret(realRandom)}\n` };
  const files = [...keys, token];
  writeNewFiles(files, NEVER_OVERWRITTEN);
  const text = `made ${files.map(({ file }) => file).join(', ')}
For Nøgle:
  NOEGLE_PRINT_CARD_KEY_FILE=${path.resolve(folder, 'cards.public.jwk')}
  NOEGLE_PRINT_PASSWORD_KEY_FILE=${path.resolve(folder, 'passwords.public.jwk')}
  NOEGLE_PRINT_TOKEN_FILE=${path.resolve(folder, 'token')}
For the print house: the token, and each private key on a machine that does not have the other. Keep no private key here.`;
  return { text, json: { files: files.map(({ file }) => file) } };
}

function makePair(folder: string, kind: string, kid: string): MadeFile[] {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const write = (key: { export(options: { format: 'jwk' }): object }) =>
    `${JSON.stringify({ ...key.export({ format: 'jwk' }), kid, use: 'enc', alg: 'ECDH-ES+A256KW' })}\n`;
  return [
    { file: path.join(folder, `${kind}.public.jwk`), text: write(pair.publicKey), isPublic: true },
    { file: path.join(folder, `${kind}.private.jwk`), text: write(pair.privateKey) },
  ];
}
