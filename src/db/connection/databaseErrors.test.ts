import { expect, test } from '@jest/globals';
import { explainUnavailability, isConnectionSpoiled } from './databaseErrors.ts';

const reported = (severity: string, code: string, message: string) =>
  Object.assign(new Error(message), { severity, code });

test('a server that ends the connection by its own trouble is unavailable', () => {
  for (const error of [
    reported('FATAL', 'XX000', 'could not write init file'),
    reported('FATAL', 'XX001', 'invalid page in block 0 of relation base/16384/1259'),
    reported('PANIC', '58P01', 'could not open file "pg_wal/000000010000000000000001"'),
  ]) {
    expect(explainUnavailability(error)).toBe('the database ended the connection');
    expect(isConnectionSpoiled(error)).toBe(true);
  }
});

test('an error that leaves the connection, or that waiting does not cure, is none', () => {
  expect(explainUnavailability(reported('ERROR', 'XX000', 'cache lookup failed'))).toBeNull();
  expect(explainUnavailability(reported('FATAL', '22023', 'invalid value for parameter'))).toBeNull();
});
