/**
 * The number of a failed request, as a person says it on the phone: eight digits in two groups, made of the
 * request's id. The log has both (http/middleware.ts). Two requests of a day may share a number; with the
 * time of the call the hotline finds the right one. The id of a proxy may differ from the next in one sign,
 * anywhere, so it is hashed; a UUID of ours is random and is read as a number.
 */
import { hash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function composeErrorNumber(requestId: string): string {
  if (requestId === '') return '';
  const digits = UUID.test(requestId) ? requestId.replaceAll('-', '') : hash('sha256', requestId, 'hex');
  const number = String(BigInt(`0x${digits}`) % 100_000_000n).padStart(8, '0');
  return `${number.slice(0, 4)} ${number.slice(4)}`;
}
