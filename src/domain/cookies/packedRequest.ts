/**
 * The parameters of an authorization request in little room, to be sealed and carried by the browser: 8 kB of
 * `state` and what a request commonly has beside it are to fit into three cookies.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

export type RequestParameters = readonly (readonly [name: string, value: unknown])[];

/** Of all parameters as JSON. However random they are, three cookies hold as much. */
const MAX_PARAMETER_BYTES = 9_400;
/** More than anything here is packed from. */
const MAX_UNPACKED_BYTES = 128 * 1024;
const NEWLINE = 0x0a;

/**
 * Left as they are: the length of what is compressed says something of it to those who see lengths alone and
 * can choose the rest. These two may be the same in many requests; what else a request has is its own.
 */
const UNCOMPRESSED_PARAMETERS: ReadonlySet<string> = new Set(['id_token_hint', 'login_hint']);

/** Of parameters that are longer than any browser is given to carry. */
export function isRequestTooLong(parameters: RequestParameters): boolean {
  return Buffer.byteLength(JSON.stringify(parameters)) > MAX_PARAMETER_BYTES;
}

/** @param more goes with them, as JSON */
export function packRequest(parameters: RequestParameters, more: object): Buffer {
  const isHint = ([name]: RequestParameters[number]) => UNCOMPRESSED_PARAMETERS.has(name);
  const plain = JSON.stringify([more, parameters.filter(isHint)]);
  return joinPacked(plain, JSON.stringify(parameters.filter((one) => !isHint(one))));
}

/** Parameters of one name stay in their order; hints stand last. */
export function unpackRequest(packed: Buffer): { parameters: RequestParameters; more: object } {
  const [plain, compressed] = splitPacked(packed);
  const [more, hints] = JSON.parse(plain) as [object, RequestParameters];
  return { more, parameters: [...(JSON.parse(compressed) as RequestParameters), ...hints] };
}

/** What no browser carries. */
export function packJson(value: unknown): Buffer {
  return joinPacked('', JSON.stringify(value));
}

export function unpackJson(packed: Buffer): unknown {
  return JSON.parse(splitPacked(packed)[1]);
}

/** @param plain without a line break, as JSON is */
function joinPacked(plain: string, text: string): Buffer {
  return Buffer.concat([Buffer.from(plain), Buffer.of(NEWLINE), deflateRawSync(text)]);
}

function splitPacked(packed: Buffer): [plain: string, text: string] {
  const end = packed.indexOf(NEWLINE);
  const text = inflateRawSync(packed.subarray(end + 1), { maxOutputLength: MAX_UNPACKED_BYTES });
  return [packed.subarray(0, end).toString(), text.toString()];
}
