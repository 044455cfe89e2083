/** The timed tests of signingKeys.test.ts, with no other load. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../signingKeys.test.ts');
