/**
 * The parameters of an authorization request in little room, to be sealed and carried by the browser: 8 kB of
 * `state` and what a request commonly has beside it are to fit into three cookies.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

export type Parameters = readonly (readonly [name: string, value: unknown])[];

/** Of all parameters as JSON. However random they are, three cookies hold as much. */
const MAX_BYTES = 9_400;
/** More than anything here is packed from. */
const MAX_UNPACKED = 128 * 1024;
const NEWLINE = 0x0a;

/**
 * Left as they are: the length of what is compressed says something of it to those who see lengths alone and
 * can choose the rest. These two may be the same in many requests; what else a request has is its own.
 */
const HINTS: ReadonlySet<string> = new Set(['id_token_hint', 'login_hint']);

/** Of parameters that are longer than any browser is given to carry. */
export function isTooLong(parameters: Parameters): boolean {
  return Buffer.byteLength(JSON.stringify(parameters)) > MAX_BYTES;
}

/** @param more goes with them, as JSON */
export function packRequest(parameters: Parameters, more: object): Buffer {
  const isHint = ([name]: Parameters[number]) => HINTS.has(name);
  const plain = JSON.stringify([more, parameters.filter(isHint)]);
  return join(plain, JSON.stringify(parameters.filter((one) => !isHint(one))));
}

/** Parameters of one name stay in their order; hints stand last. */
export function unpackRequest(packed: Buffer): { parameters: Parameters; more: object } {
  const [plain, compressed] = split(packed);
  const [more, hints] = JSON.parse(plain) as [object, Parameters];
  return { more, parameters: [...(JSON.parse(compressed) as Parameters), ...hints] };
}

/** What no browser carries. */
export function pack(value: unknown): Buffer {
  return join('', JSON.stringify(value));
}

export function unpack(packed: Buffer): unknown {
  return JSON.parse(split(packed)[1]);
}

/** @param plain without a line break, as JSON is */
function join(plain: string, text: string): Buffer {
  return Buffer.concat([Buffer.from(plain), Buffer.of(NEWLINE), deflateRawSync(text)]);
}

function split(packed: Buffer): [plain: string, text: string] {
  const end = packed.indexOf(NEWLINE);
  const text = inflateRawSync(packed.subarray(end + 1), { maxOutputLength: MAX_UNPACKED });
  return [packed.subarray(0, end).toString(), text.toString()];
}
