/** A failure prints the lines that matter, and not the whole log. */
import { describe, expect, test } from '@jest/globals';
import { excerpt } from './support/excerpt.ts';

const LOG = [
  ...Array.from({ length: 2_000 }, (_, i) => `{"level":"info","path":"/oidc/jwks","status":200,"n":${i}}`),
  '{"level":"error","msg":"the printer is on fire"}',
  ...Array.from({ length: 2_000 }, (_, i) => `{"level":"info","path":"/login","status":303,"n":${i}}`),
].join('\n');

function messageOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it holds');
}

describe('an assertion on a long log', () => {
  test.each([
    ['toContain', () => expect(LOG).toContain('the mailbox is on fire')],
    ['toMatch', () => expect(LOG).toMatch(/mailbox.*is on fire/)],
    ['toMatch with text', () => expect(LOG).toMatch('the mailbox is on fire')],
  ])('that fails by %s prints the error and the line that is nearest', (_name, assertion) => {
    const message = messageOf(assertion);
    expect(message).toContain('mailbox');
    expect(message).toContain('2001: {"level":"error","msg":"the printer is on fire"}');
    expect(message).toContain('4001: {"level":"info","path":"/login","status":303,"n":1999}');
    expect(message.split('\n').length).toBeLessThan(30);
  });

  test('that must not hold prints where it does', () => {
    const message = messageOf(() => expect(LOG).not.toContain('the printer is on fire'));
    expect(message).toContain('.not.toContain');
    expect(message).toContain('2001: ');
    expect(message.split('\n').length).toBeLessThan(30);
  });

  test('that holds says nothing', () => {
    expect(LOG).toContain('the printer is on fire');
    expect(LOG).toMatch(/printer is on/);
    expect(LOG).not.toMatch(/mailbox/);
  });
});

test('lists, sets and short texts are compared as before', () => {
  expect(['a', 'b']).toContain('a');
  expect(new Set(['a'])).toContain('a');
  expect('ab').not.toContain('c');
  expect(messageOf(() => expect(['a', 'b']).toContain('c'))).toContain("[ 'a', 'b' ]");
  expect(messageOf(() => expect('short').toMatch(/long/))).toContain('Received: short');
});

test('of a line that is a whole page the part around the first word is kept', () => {
  const page = `${'x '.repeat(3_000)}<main data-page="password">${' y'.repeat(3_000)}`;
  const found = excerpt(page, 'data-page="key"');
  expect(found).toContain('data-page="password"');
  expect(found.length).toBeLessThan(400);
});
