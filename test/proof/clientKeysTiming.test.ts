/** The timed tests of clientKeys.test.ts, with no other load. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../clientKeys.test.ts');
