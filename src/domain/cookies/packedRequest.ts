/**
 * Packs the parameters of an authorization request, to be sealed and stored in cookies. 8 kB of `state`
 * together with the usual parameters must fit into three cookies.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

export type RequestParameters = readonly (readonly [name: string, value: unknown])[];

/** Limit on all parameters as JSON. Three cookies hold this much even of incompressible data. */
const MAX_PARAMETER_BYTES = 9_400;
/** Larger than any input that is packed here. */
const MAX_UNPACKED_BYTES = 128 * 1024;
const NEWLINE = 0x0a;

/**
 * Not compressed: the length of compressed data reveals something about it to an observer who sees only
 * lengths and can choose the other parameters. These two values may recur in many requests; the others belong
 * to one request.
 */
const UNCOMPRESSED_PARAMETERS: ReadonlySet<string> = new Set(['id_token_hint', 'login_hint']);

/** Whether the parameters are too long for cookies. */
export function isRequestTooLong(parameters: RequestParameters): boolean {
  return Buffer.byteLength(JSON.stringify(parameters)) > MAX_PARAMETER_BYTES;
}

/** @param more an object to store together with the parameters, as JSON */
export function packRequest(parameters: RequestParameters, more: object): Buffer {
  const isHint = ([name]: RequestParameters[number]) => UNCOMPRESSED_PARAMETERS.has(name);
  const plain = JSON.stringify([more, parameters.filter(isHint)]);
  return joinPacked(plain, JSON.stringify(parameters.filter((one) => !isHint(one))));
}

/**
 * Reverses `packRequest`. Parameters of one name keep their order; hints come last.
 * @throws when the data is corrupt or unpacks to more than 128 KiB
 */
export function unpackRequest(packed: Buffer): { parameters: RequestParameters; more: object } {
  const [plain, compressed] = splitPacked(packed);
  const [more, hints] = JSON.parse(plain) as [object, RequestParameters];
  return { more, parameters: [...(JSON.parse(compressed) as RequestParameters), ...hints] };
}

/** Packs a value that is stored on the server. */
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
