import { expect, test } from '@jest/globals';
import type { ErrorPageKind } from '../ui/httpError.ts';
import { findWayOn } from './wayOn.ts';

const hasPage = (path: string) => !/sign-out$|evil/.test(path);

test.each<[string, string, ErrorPageKind, string | null, string]>([
  ['GET', '/auth?client_id=x&state=y', 'busy', '/auth?client_id=x&state=y', 'home'],
  ['GET', '/auth?client_id=x', 'bad_request', null, 'services'],
  ['GET', '/login/abc', 'expired', null, 'services'],
  ['POST', '/login/abc', 'unavailable', '/login/abc', 'home'],
  ['POST', '/self-service/card', 'bad_form', '/self-service/card', 'selfService'],
  ['POST', '/self-service/sign-out', 'bad_form', null, 'selfService'],
  ['GET', '/self-service/callback?code=x', 'unavailable', null, 'selfService'],
  ['GET', '/self-service', 'unavailable', '/self-service', 'home'],
  ['GET', '/desk/none', 'not_found', null, 'desk'],
  ['GET', '/none', 'not_found', null, 'home'],
  ['POST', '/block', 'too_large', '/block', 'home'],
  ['GET', '/self-service', 'mismatch', null, 'home'],
  ['GET', '/block?x=1', 'bad_form', '/block', 'home'],
  ['GET', '//evil.example/x', 'busy', null, 'home'],
  ['GET', '/\\evil.example', 'busy', null, 'home'],
])('%s %s, %s: again at %s, or on to %s', (method, url, kind, tryAgain, way) => {
  const ctx = { method, url, path: url.split('?')[0] ?? '' };
  expect(findWayOn(ctx, kind, hasPage)).toEqual({ tryAgain, way });
});
