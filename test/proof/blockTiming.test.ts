/** What block.test.ts asks for in time, with nothing beside. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../block.test.ts');
