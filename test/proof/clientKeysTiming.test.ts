/** What clientKeys.test.ts asks for in time, with nothing beside. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../clientKeys.test.ts');
