/** The story of test/rotation.test.ts with more rotations: ten with `NOEGLE_PROOF_WHOLE=yes`. */
import { IS_WHOLE_PROOF } from '../support/index.ts';

process.env['NOEGLE_TEST_ROTATIONS'] = IS_WHOLE_PROOF ? '10' : '5';
await import('../rotation.test.ts');
