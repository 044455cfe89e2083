/**
 * HMAC-SHA-256 (RFC 2104) over the one-shot hash of Node.js. `createHmac` makes a key object for each key,
 * and each leaf has a key of its own: for millions of leaves that takes four times as long.
 */
import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;

export function hmacSha256(key: Buffer, text: string): Buffer {
  const short = key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key;
  const inner = Buffer.alloc(BLOCK_BYTES, 0x36);
  const outer = Buffer.alloc(BLOCK_BYTES, 0x5c);
  for (const [i, byte] of short.entries()) {
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  const innerHash = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
  return hash('sha256', Buffer.concat([outer, innerHash]), 'buffer');
}
