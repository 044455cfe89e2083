/**
 * A security key that a person brings to the desk: the browser of the desk creates it with the person's own
 * device. The challenge serves this member of staff, in this session, for this person.
 */
import {
  packSecurityKey,
  readSecurityKeyName,
  type SecurityKeyNameFault,
} from '../../../domain/factors/securityKey.ts';
import { composeCreation, verifyCreation, type CreationFault } from '../../securityKeys/index.ts';
import type { PostedForm } from '../../../http/forms.ts';
import type { DeskDeps, StaffAtDesk } from '../guard.ts';
import type { DeskCreation } from './action.page.tsx';
import type { NamedSecurityKey } from './performAction.ts';

export interface TypedCreation {
  readonly typedName: string;
  readonly nameFault: SecurityKeyNameFault | null;
  readonly fault: CreationFault | null;
}

const FIRST: TypedCreation = { typedName: '', nameFault: null, fault: null };

export async function composeDeskCreation(
  { context, securityKeys }: DeskDeps,
  staff: StaffAtDesk,
  { identityId, name }: { readonly identityId: string; readonly name: string },
  typed: TypedCreation | null,
): Promise<DeskCreation> {
  const owner = composeOwner(staff, identityId);
  const person = { userName: name, displayName: name };
  const { options, issued } = await composeCreation(context, securityKeys, owner, person);
  return { options: JSON.stringify(options), issued, ...(typed ?? FIRST) };
}

/** @returns `securityKey` null where it is not accepted: `shown` says why */
export async function readDeskCreation(
  { context, securityKeys }: DeskDeps,
  staff: StaffAtDesk,
  identityId: string,
  form: PostedForm,
): Promise<{ readonly securityKey: NamedSecurityKey | null; readonly shown: TypedCreation }> {
  const typedName = form.get('name') ?? '';
  const answer = { issued: form.get('issued') ?? '', credential: form.get('credential') ?? '' };
  const read = readSecurityKeyName(typedName);
  if ('why' in read) {
    return { securityKey: null, shown: { typedName, nameFault: read.why, fault: null } };
  }
  const verified = await verifyCreation(context, securityKeys, composeOwner(staff, identityId), answer);
  if ('fault' in verified) {
    return { securityKey: null, shown: { typedName, nameFault: null, fault: verified.fault } };
  }
  const securityKey = { ...packSecurityKey(verified.key), name: read.name };
  return { securityKey, shown: { typedName, nameFault: null, fault: null } };
}

function composeOwner({ session }: StaffAtDesk, identityId: string) {
  return { identityId, purpose: 'desk', holder: session.toString('base64url') } as const;
}
