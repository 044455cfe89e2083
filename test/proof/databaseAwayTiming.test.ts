/** The timed tests of databaseAway.test.ts, with no other load. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../databaseAway.test.ts');
