/** What gather.test.ts asks for in time, with nothing beside. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../gather.test.ts');
