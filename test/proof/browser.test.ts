/** The stories of test/browser.test.ts in the other ways. */
process.env['NOEGLE_TEST_WAYS'] = 'other';
await import('../browser.test.ts');
