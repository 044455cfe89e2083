/** The pages of security keys and passkeys, in every state. */
import type { ListedSecurityKey } from '../../../domain/factors/securityKey.ts';
import type { SelfServiceAction } from '../../../domain/selfServiceAction.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import {
  SelfSecurityKeyAddPage,
  SelfSecurityKeysPage,
  type SelfSecurityKeyAddPage as SelfSecurityKeyAddProps,
  type SelfSecurityKeysPage as SelfSecurityKeysProps,
} from './securityKeys.page.tsx';

const AT = new Date('2026-11-24T12:05:00Z');
const LATER = new Date('2026-11-25T12:05:00Z');
const user = { name: 'Anna Kirstine Vestergaard', csrf: 'x' };
const composeSampleFrame = (frame: PageFrame) => ({ ...frame, user, again: false, hasRecentKey: true });

const phone: ListedSecurityKey = {
  id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  credentialId: Buffer.alloc(16),
  transports: ['internal', 'hybrid'],
  aaguid: '00000000-0000-0000-0000-000000000000',
  isDiscoverable: true,
  isSynced: true,
  isAttested: false,
  name: 'Min telefon',
  addedAt: AT,
  addedBy: 'self_service',
  countsFrom: AT,
  lastUsedAt: AT,
  endedAt: null,
  endReason: null,
};
const ring: ListedSecurityKey = {
  ...phone,
  id: '6f9619ff-8b86-4011-b42d-00c04fc96500',
  name: 'Den på nøgleringen',
  isSynced: false,
  addedBy: 'desk',
  lastUsedAt: null,
};
const waiting: ListedSecurityKey = {
  ...phone,
  id: '6f9619ff-8b86-4011-b42d-00c04fc96501',
  name: 'Ny computer',
  countsFrom: LATER,
  lastUsedAt: null,
};

export const SAMPLE_KEYS: readonly ListedSecurityKey[] = [phone, ring, waiting];

export const SAMPLE_ADD_ACTION: SelfServiceAction = {
  kind: 'add_security_key',
  name: 'Min telefon',
  credentialId: 'x',
  publicKey: 'x',
  signCount: 0,
  transports: [],
  aaguid: '00000000-0000-0000-0000-000000000000',
  isDiscoverable: true,
  isSynced: true,
  isBackedUp: true,
  isAttested: false,
};

const composeList = (state: string, props: Partial<SelfSecurityKeysProps>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfSecurityKeysPage({
      ...composeSampleFrame(frame),
      keys: SAMPLE_KEYS,
      needsGuardian: false,
      now: AT,
      done: null,
      renaming: null,
      ...props,
    }),
});
const composeAdd = (state: string, props: Partial<SelfSecurityKeyAddProps>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfSecurityKeyAddPage({
      ...composeSampleFrame(frame),
      creation: { options: '{}', issued: 'x' },
      typed: '',
      nameFault: null,
      fault: null,
      ...props,
    }),
});

const FAULTS = ['expired', 'failed', 'unverified', 'known', 'not_listed', 'too_many'] as const;

export const SECURITY_KEYS_GALLERY = {
  'self-security-keys': [
    composeList('first', {}),
    composeList('none', { keys: [] }),
    composeList('under-15', { needsGuardian: true, keys: [] }),
    composeList('under-15-has-one', { needsGuardian: true, keys: [ring] }),
    composeList('full', { keys: Array.from({ length: 10 }, (_, i) => ({ ...phone, id: `${i}` })) }),
    ...(['removed', 'stopped', 'renamed'] as const).map((done) => composeList(done, { done })),
    composeList('error', { renaming: { id: phone.id, typed: '', fault: 'empty' } }),
  ],
  'self-security-key-add': [
    composeAdd('first', {}),
    composeAdd('error', { nameFault: 'empty' }),
    ...FAULTS.map((fault) => composeAdd(fault.replaceAll('_', '-'), { fault, typed: 'Min telefon' })),
  ],
};
