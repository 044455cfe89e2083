/**
 * Registrations of relying parties, as operators manage them: opening a registration, adding, changing,
 * approving and removing a client, and rotating its secret. Each is one statement with its audit record
 * (db/oidc/clientRegistrations.ts).
 *
 * This feature leaves the commands to cli/relyingParty.ts, Dynamic Client Registration (`/reg`) to
 * src/oidc/registration, the checks of addresses, keys and policies to domain/relyingParty, and the public
 * list of services to features/info.
 */
import type { Random } from '../../domain/random.ts';
import {
  findRedirectFault,
  findWebAddressFault,
  type AddressRules,
} from '../../domain/relyingParty/addresses.ts';
import { addressesFor } from '../../domain/relyingParty/metadataFields.ts';
import {
  drawClientSecret,
  hashClientSecret,
  hashInitialAccessToken,
} from '../../domain/relyingParty/clientSecrets.ts';
import { checkKeySet } from '../../domain/relyingParty/keySet.ts';
import { readLogo } from '../../domain/relyingParty/logo.ts';
import { policySchema, type ClientPolicy, type ClientPolicyInput } from '../../domain/relyingParty/policy.ts';
import { relyingPartySchema, type RelyingParty } from '../../domain/relyingParty/relyingParty.ts';
import { createInitialAccessToken } from '../../db/oidc/initialAccessTokens.ts';
import {
  addRelyingParty,
  approveRelyingParty,
  changeRelyingParty,
  findClientRegistration,
  removeRelyingParty,
  rotateClientSecret,
} from '../../db/oidc/clientRegistrations.ts';
import type { Queryable } from '../../db/database.ts';
import type { AppContext } from '../appContext.ts';

/** The database, or a transaction that writes more than this. */
type RegistrationDeps = Pick<AppContext, 'keyring' | 'random'> & { readonly database: Queryable };

/** The operator's request is impossible; the message states why. */
export class OperatorInputError extends Error {}

/** A week is enough for a person to read their mail. */
const TOKEN_HOURS = 7 * 24;

/**
 * Opens one registration.
 *
 * @param policy limits of the registration; read by `policySchema`.
 * @returns the initial access token, of which only a hash is stored.
 * @throws ZodError
 */
export async function openClientRegistration(
  context: RegistrationDeps,
  policy: Readonly<Partial<Record<keyof ClientPolicyInput, unknown>>>,
  hours = TOKEN_HOURS,
): Promise<{ token: string; expiresAt: Date }> {
  const token = drawClientSecret(context.random);
  const id = hashInitialAccessToken(context.keyring, token);
  const expiresAt = await createInitialAccessToken(context.database, id, policySchema.parse(policy), hours);
  return { token, expiresAt };
}

/**
 * @param metadata a registration as operators write it (docs/how-to/relying-parties.md), without a secret,
 *   which is generated here.
 */
export async function addClientByOperator(
  { database, keyring, random }: RegistrationDeps,
  metadata: Readonly<Record<string, unknown>>,
  rules: AddressRules,
): Promise<{ clientId: string; clientSecret: string | null; leftOut: readonly string[] }> {
  const { secret, rp: input } = addDrawnSecret(metadata, random, (text) => hashClientSecret(keyring, text));
  assertAddressesAllowed(input, rules);
  const { rp, leftOut } = assertKeySetUsable(input);
  if (!(await addRelyingParty(database, rp))) {
    throw new OperatorInputError(`${rp.client_id} is, or was, another relying party`);
  }
  return { clientId: rp.client_id, clientSecret: secret, leftOut };
}

function addDrawnSecret(
  metadata: Readonly<Record<string, unknown>>,
  random: Random,
  hash: (secret: string) => string,
) {
  if ('client_secret' in metadata) throw new OperatorInputError('client_secret is drawn here and shown once');
  const needsOne = String(metadata['token_endpoint_auth_method']).startsWith('client_secret');
  const secret = needsOne ? drawClientSecret(random) : null;
  const rp = relyingPartySchema.parse({
    ...metadata,
    ...(secret === null ? {} : { client_secret: hash(secret) }),
  });
  assertNotInternal(rp);
  return { secret, rp };
}

function composePolicy(rp: RelyingParty, { profile }: ClientPolicy): ClientPolicy {
  const { kind, scope, trusted, min_acr, min_proofing, require_fresh_key, sector_identifier_uri } = rp;
  return policySchema.parse({
    kind,
    profile,
    scope,
    trusted,
    min_acr,
    min_proofing: min_proofing === min_acr ? undefined : min_proofing,
    require_fresh_key,
    sector_identifier_uri,
  } satisfies Record<keyof ClientPolicy, unknown>);
}

function assertNotInternal(rp: RelyingParty): void {
  if (rp.kind === 'internal')
    throw new OperatorInputError('sites of kind internal are our own, made by Nøgle itself');
}

/** Operators make typing errors too: the addresses have to meet the rules of Dynamic Client Registration. */
function assertAddressesAllowed(rp: RelyingParty, rules: AddressRules): void {
  const profile = rp.application_type === 'native' ? 'native' : 'web';
  const faults = [
    ...addressesFor('browser', rp).map(({ uri }) => [uri, findRedirectFault(uri, profile, rules)]),
    ...(['provider', 'person'] as const)
      .flatMap((visitor) => addressesFor(visitor, rp))
      .map(({ uri }) => [uri, findWebAddressFault(uri, rules)]),
  ].filter(([, wrong]) => wrong !== null);
  if (faults.length > 0)
    throw new OperatorInputError(faults.map(([uri, wrong]) => `- ${uri} ${wrong}`).join('\n'));
}

/** A client without a usable key cannot sign anyone in: a wrong key set is rejected, and changes nothing. */
function assertKeySetUsable(input: RelyingParty): { rp: RelyingParty; leftOut: readonly string[] } {
  const { rp, fault, leftOut } = checkKeySet(input);
  if (fault !== null) throw new OperatorInputError(`- jwks ${fault}`);
  return { rp, leftOut };
}

/**
 * Replaces the whole registration; its secret stays, if it still needs one.
 *
 * @returns the members of its key set that are unusable and left out, with the reason.
 */
export async function updateClientByOperator(
  { database }: RegistrationDeps,
  clientId: string,
  metadata: Readonly<Record<string, unknown>>,
  rules: AddressRules,
): Promise<readonly string[]> {
  const before = await findClientRegistration(database, clientId);
  if (!before || before.rp.kind === 'internal')
    throw new OperatorInputError(`there is no relying party ${clientId}`);
  if ('client_secret' in metadata) throw new OperatorInputError('client_secret is changed by rotate-secret');
  const oldSecret = before.rp.client_secret;
  const needsOne = String(metadata['token_endpoint_auth_method']).startsWith('client_secret');
  if (needsOne && oldSecret === undefined) {
    throw new OperatorInputError(`${clientId} has no secret: remove it and add it anew, under another id`);
  }
  const input = relyingPartySchema.parse({
    ...metadata,
    client_id: clientId,
    ...(needsOne ? { client_secret: oldSecret } : {}),
  });
  assertNotInternal(input);
  assertAddressesAllowed(input, rules);
  const { rp, leftOut } = assertKeySetUsable(input);
  // The policy is narrowed too: the client cannot restore by `/reg` what is removed here.
  const policy = before.policy && composePolicy(rp, before.policy);
  if (!(await changeRelyingParty(database, { rp, version: before.version, proposed: null, policy }))) {
    throw new OperatorInputError(`${clientId} was changed by somebody else just now; look at it again`);
  }
  return leftOut;
}

/**
 * Approves a registration.
 *
 * @param version the version that the operator looked at; a later one is not approved.
 * @param picture logo that replaces the client's own.
 */
export async function approveClient(
  { database }: RegistrationDeps,
  clientId: string,
  version: number,
  picture: Uint8Array | null,
): Promise<void> {
  const logo = picture && readLogo(picture);
  if (picture && !logo)
    throw new OperatorInputError('the logo must be a PNG, JPEG or WebP of at most 5,900 bytes');
  if (await approveRelyingParty(database, clientId, version, logo)) return;
  const now = await findClientRegistration(database, clientId);
  if (!now) throw new OperatorInputError(`there is no relying party ${clientId}`);
  if (now.version !== version) {
    throw new OperatorInputError(`${clientId} is at version ${now.version} by now; look at it again`);
  }
  throw new OperatorInputError(`nothing of ${clientId} waits for an approval`);
}

/** @returns the new secret, which is shown once; the old one is no longer valid within two seconds. */
export async function rotateSecretOfClient(
  { database, keyring, random }: RegistrationDeps,
  clientId: string,
): Promise<string> {
  const secret = drawClientSecret(random);
  if (!(await rotateClientSecret(database, clientId, hashClientSecret(keyring, secret)))) {
    throw new OperatorInputError(`there is no relying party ${clientId} with a secret`);
  }
  return secret;
}

/** Removes the client with everything granted to it. Its id is never given to another client. */
export async function removeClient({ database }: RegistrationDeps, clientId: string): Promise<void> {
  if (!(await removeRelyingParty(database, clientId))) {
    throw new OperatorInputError(`there is no relying party ${clientId} to remove`);
  }
}
