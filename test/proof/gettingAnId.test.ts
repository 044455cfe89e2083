/** The stories of test/gettingAnId.test.ts in the other three ways. */
process.env['NOEGLE_TEST_WAYS'] = 'other';
await import('../gettingAnId.test.ts');
