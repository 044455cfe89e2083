/** The timed tests of batcher.test.ts, with no other load. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../batcher.test.ts');
