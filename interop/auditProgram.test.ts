/** Exports and proofs of the audit log, verified by a program in another language: Debian's Python. */
import { HAS_PYTHON } from '../test/support/auditProgram.ts';
import { verifyByProgram } from '../test/support/auditProgramSuite.ts';

if (!HAS_PYTHON) throw new Error('not installed: apt-get install --no-install-recommends python3');
verifyByProgram();
