/** The long tests of registrationDocuments.test.ts. */
process.env['NOEGLE_TEST_LONG'] = 'yes';
await import('../registrationDocuments.test.ts');
