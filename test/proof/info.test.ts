/** The ways of test/info.test.ts through a browser, the other three. */
process.env['NOEGLE_TEST_WAYS'] = 'other';
await import('../info.test.ts');
