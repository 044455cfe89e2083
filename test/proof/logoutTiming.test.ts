/** The timed tests of logout.test.ts, with no other load. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../logout.test.ts');
