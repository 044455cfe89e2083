/**
 * Long tests of a suite run in the proof, where a file of the same name asks for them, without the other
 * tests.
 */
import { test } from '@jest/globals';

const isLong = process.env['NOEGLE_TEST_LONG'] === 'yes';

/** A test that only the proof runs. */
export function longOnly(name: string, run: () => Promise<void>): void {
  if (isLong) test.only(name, run);
}

/** A test that runs with a higher count in the proof. @param run takes the count */
export function longToo(
  name: string,
  counts: { readonly short: number; readonly long: number },
  run: (count: number) => Promise<void>,
): void {
  const count = isLong ? counts.long : counts.short;
  (isLong ? test.only : test)(`${count.toLocaleString('en')} ${name}`, () => run(count));
}
