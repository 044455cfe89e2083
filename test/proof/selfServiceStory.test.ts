/** The stories of test/selfServiceStory.test.ts in the other three ways. */
process.env['NOEGLE_TEST_WAYS'] = 'other';
await import('../selfServiceStory.test.ts');
