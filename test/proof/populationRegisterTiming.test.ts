/** How long 100,000 rows take (register.test.ts), with no other load. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('./populationRegister.test.ts');
