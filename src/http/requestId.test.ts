import { expect, test } from '@jest/globals';
import { parseRequestId, parseTraceparent } from './requestId.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const UUID = '6f9619ff-8b86-4011-b42d-00c04fc964ff';

test.each([UUID, '01HZX3V5N8T2Q4W6Y8B0D2F4H6', 'Root=1-67891233-abcdef012345678912345678', 'x'.repeat(128)])(
  '%s can be an id',
  (id) => expect(parseRequestId(id)).toBe(id),
);

test.each([
  '',
  'short',
  'x'.repeat(129),
  `${UUID}, ${UUID}`,
  `${UUID}"`,
  `${UUID}\n`,
  `<b>${UUID}</b>`,
  `${UUID} `,
])('%p is no id', (id) => expect(parseRequestId(id)).toBeNull());

test.each([
  [`00-${TRACE}-00f067aa0ba902b7-01`, TRACE],
  [`cc-${TRACE}-00f067aa0ba902b7-01-what-comes-later`, TRACE],
  [`00-${TRACE}-00f067aa0ba902b7-01-more`, null],
  [`ff-${TRACE}-00f067aa0ba902b7-01`, null],
  [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, null],
  [`00-${TRACE}-${'0'.repeat(16)}-01`, null],
  [`00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`, null],
  [`cc-${TRACE}-00f067aa0ba902b7-01-${'x'.repeat(300)}`, null],
  ['', null],
])('the trace of %s is %s', (header, trace) => expect(parseTraceparent(header)).toBe(trace));
