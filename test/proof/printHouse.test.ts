/** The long tests of printHouse.test.ts. */
process.env['NOEGLE_TEST_LONG'] = 'yes';
await import('../printHouse.test.ts');
