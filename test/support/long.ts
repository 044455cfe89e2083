/**
 * Long tests of a suite run in the proof, where a file of the same name asks for them, and there without the
 * others.
 */
import { test } from '@jest/globals';

const isLong = process.env['NOEGLE_TEST_LONG'] === 'yes';

/** A test that is left to the proof. */
export function longOnly(name: string, run: () => Promise<void>): void {
  if (isLong) test.only(name, run);
}

/** A test that does more of the same there. @param run takes how many. */
export function longToo(
  name: string,
  counts: { readonly short: number; readonly long: number },
  run: (count: number) => Promise<void>,
): void {
  const count = isLong ? counts.long : counts.short;
  (isLong ? test.only : test)(`${count.toLocaleString('en')} ${name}`, () => run(count));
}
