import { expect, test } from '@jest/globals';
import { RequestValue } from './requestValue.ts';

test('a value belongs to one request and to the RequestValue that set it', () => {
  const one = new RequestValue<string>('form');
  const other = new RequestValue<string>('form');
  const [request, next] = [{ state: {} }, { state: {} }];
  one.set(request, 'typed');
  expect(one.find(request)).toBe('typed');
  expect(other.find(request)).toBeUndefined();
  expect(one.find(next)).toBeUndefined();
  expect(JSON.stringify(request)).toBe('{"state":{}}');
});
