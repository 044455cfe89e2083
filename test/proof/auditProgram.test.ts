/** Exports and proofs of the audit log, verified by a program in another language, where there is Python. */
import { test } from '@jest/globals';
import { HAS_PYTHON } from '../support/auditProgram.ts';
import { verifyByProgram } from '../support/auditProgramSuite.ts';

if (HAS_PYTHON) verifyByProgram();
else test('there is no python3 here: npm run interop has this test', () => undefined);
