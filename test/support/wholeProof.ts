/** The proof has a time limit. `NOEGLE_PROOF_WHOLE=yes` runs all that it leaves out. */
export const IS_WHOLE_PROOF = process.env['NOEGLE_PROOF_WHOLE'] === 'yes';
