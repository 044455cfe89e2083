/** The story of test/rotation.test.ts with ten rotations. */
process.env['NOEGLE_TEST_ROTATIONS'] = '10';
await import('../rotation.test.ts');
