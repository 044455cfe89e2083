/** The same of one that registers itself. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../registration.test.ts');
