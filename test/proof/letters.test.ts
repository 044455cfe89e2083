/** The long tests of letters.test.ts. */
process.env['NOEGLE_TEST_LONG'] = 'yes';
await import('../letters.test.ts');
