/**
 * The stories of test/demo.test.ts in the other three of the four ways: script on or off, in Danish or
 * English.
 */
process.env['NOEGLE_TEST_WAYS'] = 'other';
await import('../demo.test.ts');
