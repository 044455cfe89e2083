/**
 * Consent: the claims that a relying party would receive are shown with their values, and a yes is remembered
 * for each relying party and scope.
 */
import {
  isCprGiven,
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
 * Returns claim -> value, as the relying party would receive them for these scopes.
 * @param isPresent both factors were given in this sign-in, a moment ago. With only a session, the CPR number
 * is hidden from the person at the browser.
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
  const cpr = open.has('dk.cpr') && isCprGiven(identity) && cprSealed ? openCpr() : null;
  return readClaims(person, identity, cpr, open);
}

export interface SubmittedConsent {
  readonly interactionId: string;
  readonly identityId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

export interface RefusedConsent extends Omit<SubmittedConsent, 'interactionId'> {
  /** The page asked for everything that the relying party wants, and not only for what is new. */
  readonly isWhole: boolean;
}

/**
 * Saves a no to what the page asked for. If that was everything, the consent is deleted, and all that was
 * issued ends, including what needed no consent. If it was only what is new, the former consent stays: the
 * person was not asked about it.
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
