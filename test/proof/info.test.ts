/** The browser tests of test/info.test.ts, in the other ways. */
process.env['NOEGLE_TEST_WAYS'] = 'other';
await import('../info.test.ts');
