/** The timed tests of the suites of calls and connections, with no other load. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../listener.test.ts');
await import('../mail.test.ts');
await import('../printHouse.test.ts');
await import('../publicFetch.test.ts');
