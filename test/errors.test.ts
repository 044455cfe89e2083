/** docs/reference/errors.md matches the code, and the code explains every error that can occur. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { errors } from 'oidc-provider';
import { describeErrors } from '../src/domain/errors/errorDocs.ts';
import { ADVICE_BY_CODE, ADVICE_BY_STANDARD_ERROR } from '../src/domain/errors/errorTable.ts';
import { ALL_CODES } from '../src/domain/errors/refusal.ts';

const FILE = 'docs/reference/errors.md';

test('the page is made from the code', () => {
  const made = describeErrors();
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(FILE, made);
  expect(readFileSync(FILE, 'utf8')).toBe(made);
});

test('every code has a row', () => {
  expect(Object.keys(ADVICE_BY_CODE).sort()).toEqual([...ALL_CODES].sort());
});

/** Errors of features that are off: switching one on requires an explanation of its errors. */
const CANNOT_COME: ReadonlySet<string> = new Set([
  // Device flow and CIBA.

  'authorization_pending',
  'slow_down',
  'expired_token',
  'expired_login_hint_token',
  'invalid_binding_message',
  'invalid_user_code',
  'missing_user_code',
  'unknown_user_id',
  'transaction_failed',
  // Rich authorization requests, resource indicators, request objects.
  'invalid_authorization_details',
  'invalid_target',
  'invalid_request_object',
  // Software statements, credential issuance, attestation.
  'invalid_software_statement',
  'unapproved_software_statement',
  'invalid_credential_request',
  'unknown_credential_configuration',
  'unknown_credential_identifier',
  'credential_request_denied',
  'invalid_nonce',
  'invalid_proof',
  'use_attestation_challenge',
  'use_fresh_attestation',
  'invalid_client_attestation',
  'unsupported_token_type',
]);

test('every error that the provider knows has a row, or cannot come', () => {
  const known = new Set<string>();
  for (const Fault of Object.values(errors) as (new (
    ...args: string[]
  ) => Error & { error?: string })[]) {
    const { error } = new Fault('x', 'x');
    if (error !== undefined && error !== 'x') known.add(error);
  }
  expect(known.size).toBeGreaterThan(30);
  const explained = new Set([...Object.keys(ADVICE_BY_STANDARD_ERROR), ...CANNOT_COME]);
  expect([...known].filter((error) => !explained.has(error))).toEqual([]);
  const both = Object.keys(ADVICE_BY_STANDARD_ERROR).filter((error) => CANNOT_COME.has(error));
  expect(both).toEqual([]);
});
