/** A change of a relying party reaches every node within two seconds. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../relyingPartyCli.test.ts');
