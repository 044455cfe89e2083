/** The timed tests of gather.test.ts, with no other load. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../gather.test.ts');
