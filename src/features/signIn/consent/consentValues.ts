/** What a relying party would be given is shown with its values; a yes is remembered per relying party and scope. */
import {
  readClaims,
  listClaimsOfScopes,
  HIDDEN_CPR,
  type ClaimValues,
} from '../../../domain/signIn/claims.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { saveConsent } from '../../../db/oidc/consents.ts';
import { findIdentityWithPerson } from '../../../db/people/identities.ts';
import { endClientAccess, withdrawScopes } from '../../access/index.ts';
import { recordConsentStep } from '../../../db/signIn/signIns.ts';
import { readInteractionExpiry, hashInteractionId, type AppContext } from '../../appContext.ts';

/**
 * Claim -> value, as the relying party would get them for these scopes.
 * @param isPresent both factors were shown in this sign-in, a moment ago; a session alone shows no CPR number
 *   to the person who sits there.
 */
export async function readConsentValues(
  { database, keyring }: AppContext,
  identityId: string,
  scopes: readonly string[],
  isPresent: boolean,
): Promise<ClaimValues> {
  const found = await findIdentityWithPerson(database, identityId);
  if (!found) return {};
  const { identity, person, cprSealed } = found;
  const open = listClaimsOfScopes(scopes);
  const openCpr = () => (isPresent && cprSealed ? keyring.open('seal', cprSealed, person.id) : HIDDEN_CPR);
  const cpr = open.has('dk.cpr') && cprSealed ? openCpr() : null;
  return readClaims(person, identity, cpr, open);
}

export interface SubmittedConsent {
  readonly interactionId: string;
  readonly identityId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

export interface RefusedConsent extends Omit<SubmittedConsent, 'interactionId'> {
  /** The page asked for all that the relying party wants to have, and not only for what is new. */
  readonly isWhole: boolean;
}

/**
 * A no is one to what the page asked for. Where that was everything, nothing of before stays: what was
 * agreed to is forgotten, and what was issued on it ends, also what nobody had to agree to. A no to what is
 * new leaves the former yes as it was: the person has not been asked about that.
 */
export async function refuseConsent(context: AppContext, refused: RefusedConsent): Promise<void> {
  const { identityId, clientId, scopes, isWhole } = refused;
  await context.database.transaction(async (db) => {
    const hadAccess = isWhole
      ? await endClientAccess(db, identityId, clientId)
      : await withdrawScopes(db, { identityId, clientId, scopes });
    if (!hadAccess) return;
    await appendEvent(db, { kind: 'consent_withdrawn', identityId, details: { clientId, scopes } });
  });
}

export async function saveConsentDecision(context: AppContext, submitted: SubmittedConsent): Promise<void> {
  const { database, clock } = context;
  const { identityId, clientId, scopes } = submitted;
  const now = clock.now();
  const interaction = hashInteractionId(context, submitted.interactionId);
  await database.transaction(async (db) => {
    await saveConsent(db, { identityId, clientId, scopes, givenAt: now });
    await recordConsentStep(db, interaction, { now, expiresAt: readInteractionExpiry(now) });
    await appendEvent(db, { kind: 'consent_given', identityId, details: { clientId, scopes } });
  });
}
