/** Selects the lines of a long text that are printed, and the matchers of jest that print them. */
import { inspect } from 'node:util';

const LONG = 3_000;
const NEAR_LINES = 6;
const ERROR_LINES = 6;
const LAST_LINES = 6;
const LINE_LENGTH = 240;

const ERROR = /"level":"(error|fatal)"|\berror\b|\bfailed\b|\bfault\b/i;

/** The words of the pattern, without its metacharacters. */
function wordsOf(expected: string): string[] {
  return [...new Set(expected.toLowerCase().match(/[\p{L}\d_]{3,}/gu) ?? [])];
}

/**
 * @param expected text or the source of a pattern; lines that share the most words with it come first
 * @returns the whole text if it is short, otherwise a few of its lines with their numbers
 */
export function excerpt(text: string, expected = ''): string {
  if (text.length <= LONG) return text;
  const lines = text.split('\n');
  const words = wordsOf(expected);
  const scores = lines.map((line) => {
    const lower = line.toLowerCase();
    return words.filter((word) => lower.includes(word)).length;
  });
  const near = [...lines.keys()]
    .filter((i) => (scores[i] ?? 0) > 0)
    .toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
    .slice(0, NEAR_LINES);
  const errors = [...lines.keys()].filter((i) => ERROR.test(lines[i] ?? '')).slice(-ERROR_LINES);
  const last = [...lines.keys()].slice(-LAST_LINES);
  const selected = [...new Set([...near, ...errors, ...last])].toSorted((a, b) => a - b);
  const printed = selected.map((i) => `${i + 1}: ${shorten(lines[i] ?? '', words)}`);
  return [`${selected.length} of ${lines.length} lines:`, ...printed].join('\n');
}

/** A line may be a whole page: the part around the first expected word. */
function shorten(line: string, words: readonly string[]): string {
  if (line.length <= LINE_LENGTH) return line;
  const lower = line.toLowerCase();
  const at = Math.min(...words.map((word) => lower.indexOf(word)).filter((index) => index >= 0));
  const from = Number.isFinite(at) ? Math.max(0, at - LINE_LENGTH / 2) : 0;
  const part = line.slice(from, from + LINE_LENGTH);
  return `${from > 0 ? '… ' : ''}${part}${from + LINE_LENGTH < line.length ? ' …' : ''}`;
}

interface Context {
  readonly isNot?: boolean;
}

function compare(context: Context, name: string, pass: boolean, received: unknown, expected: unknown) {
  const source = expected instanceof RegExp ? expected.source : String(expected);
  const not = context.isNot ? '.not' : '';
  const text = typeof received === 'string' ? excerpt(received, source) : inspect(received, { depth: 6 });
  return {
    pass,
    message: () =>
      `expect(received)${not}.${name}(expected)\n\nExpected: ${inspect(expected, { depth: 6 })}\nReceived: ${text}`,
  };
}

function includes(received: unknown, expected: unknown): boolean {
  if (typeof received === 'string') return received.includes(String(expected));
  return [...(received as Iterable<unknown>)].includes(expected);
}

/** Jest's matchers, with other messages. */
export const matchers = {
  toMatch(this: Context, received: unknown, expected: string | RegExp) {
    if (typeof received !== 'string') throw new TypeError(`not a text: ${inspect(received)}`);
    const pass =
      typeof expected === 'string' ? received.includes(expected) : new RegExp(expected).test(received);
    return compare(this, 'toMatch', pass, received, expected);
  },
  toContain(this: Context, received: unknown, expected: unknown) {
    return compare(this, 'toContain', includes(received, expected), received, expected);
  },
};
