/** The timed tests of newPassword.test.ts, with no other load. */
process.env['NOEGLE_TEST_TIMED'] = 'yes';
await import('../newPassword.test.ts');
