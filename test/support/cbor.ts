/** Writes CBOR (RFC 8949), as much of it as an authenticator needs. */
export type CborValue = number | string | Buffer | readonly CborValue[] | Map<number | string, CborValue>;

export function encodeCbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value < 0 ? makeHead(1, -1 - value) : makeHead(0, value);
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([makeHead(3, text.length), text]);
  }
  if (Buffer.isBuffer(value)) return Buffer.concat([makeHead(2, value.length), value]);
  if (value instanceof Map) {
    const pairs = [...value].flatMap(([key, one]) => [encodeCbor(key), encodeCbor(one)]);
    return Buffer.concat([makeHead(5, value.size), ...pairs]);
  }
  return Buffer.concat([makeHead(4, value.length), ...value.map(encodeCbor)]);
}

function makeHead(type: number, argument: number): Buffer {
  const major = type << 5;
  if (argument < 24) return Buffer.from([major | argument]);
  if (argument < 256) return Buffer.from([major | 24, argument]);
  return Buffer.from([major | 25, argument >> 8, argument & 255]);
}
