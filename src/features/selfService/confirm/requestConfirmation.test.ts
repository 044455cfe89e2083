/** Sealed actions that this version cannot execute: what a later one asked for is no tampering. */
import { expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { RowMacMismatch } from '../../../domain/rowMac.ts';
import { packAction } from '../../../domain/selfServiceAction.ts';
import { Keyring } from '../../../platform/keyring.ts';
import type { AppContext } from '../../appContext.ts';
import { openRequestedAction } from './requestConfirmation.ts';

const keyring = new Keyring(Keyring.generate());
const id = randomUUID();
const owner = { identityId: randomUUID(), session: randomBytes(32) };

function open(packed: string, of = owner) {
  const text = `confirmation v2 ${id} ${of.identityId} ${of.session.toString('base64url')}`;
  const context = { keyring, database: { rowAuthenticator: { mode: 'require' } } } as unknown as AppContext;
  return openRequestedAction(context, id, owner, keyring.seal('records', packed, text));
}

/** What was thrown, as an alarm of a changed row or as another error. */
function alarmOf(packed: string, of = owner): boolean {
  try {
    open(packed, of);
  } catch (error) {
    return error instanceof RowMacMismatch;
  }
  throw new Error('it was opened');
}

test('an action of a later version, during a rolling update, is no alarm of a changed row', () => {
  const action = { kind: 'change_threshold', threshold: 40 } as const;
  expect(open(packAction(action))).toEqual(action);
  expect(alarmOf('{"kind":"of_tomorrow"}')).toBe(false);
  expect(alarmOf(JSON.stringify({ ...action, ofTomorrow: true }))).toBe(false);
  expect(alarmOf(packAction(action), { ...owner, identityId: randomUUID() })).toBe(true);
});
