/** The stories of test/gettingAnId.test.ts in the other ways. */
process.env['NOEGLE_TEST_WAYS'] = 'other';
await import('../gettingAnId.test.ts');
