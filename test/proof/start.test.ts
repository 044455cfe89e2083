/** The long tests of start.test.ts. */
process.env['NOEGLE_TEST_LONG'] = 'yes';
await import('../start.test.ts');
