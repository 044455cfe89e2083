/** The pages of test/gallery.test.ts in English. */
process.env['NOEGLE_TEST_WAYS'] = 'other';
await import('../gallery.test.ts');
