/** Every state of the pages of test/gallery.test.ts, in Danish and in English. */
process.env['NOEGLE_TEST_WAYS'] = 'other';
await import('../gallery.test.ts');
