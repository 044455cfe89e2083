/** What the suites of calls and connections ask for in time, with nothing beside. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../listener.test.ts');
await import('../mail.test.ts');
await import('../printHouse.test.ts');
await import('../publicFetch.test.ts');
