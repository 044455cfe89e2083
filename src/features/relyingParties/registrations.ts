/** What operators do with relying parties. Each is one statement with its audit record (store/registrations). */
import type { Random } from '../../domain/random.ts';
import {
  findRedirectFault,
  findServerAddressFault,
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

/** The database, or a transaction in which something else is written too. */
type RegistrationDeps = Pick<AppContext, 'keyring' | 'random'> & { readonly database: Queryable };

/** What an operator asked for cannot be done; the message says why. */
export class OperatorInputError extends Error {}

/** A week is enough for somebody to read their mail. */
const TOKEN_HOURS = 7 * 24;

/**
 * Opens one registration.
 *
 * @param policy what it may be; read by `policySchema`
 * @returns the token, which is kept by its hash alone @throws ZodError
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

/** @param given a registration as operators write it (docs/how-to/relying-parties.md), without a secret: that is drawn here. */
export async function addClientByOperator(
  { database, keyring, random }: RegistrationDeps,
  given: Readonly<Record<string, unknown>>,
  rules: AddressRules,
): Promise<{ clientId: string; clientSecret: string | null; leftOut: readonly string[] }> {
  const { secret, rp: input } = addDrawnSecret(given, random, (text) => hashClientSecret(keyring, text));
  assertAddressesAllowed(input, rules);
  const { rp, leftOut } = assertKeySetUsable(input);
  if (!(await addRelyingParty(database, rp))) {
    throw new OperatorInputError(`${rp.client_id} is, or was, another relying party`);
  }
  return { clientId: rp.client_id, clientSecret: secret, leftOut };
}

function addDrawnSecret(
  given: Readonly<Record<string, unknown>>,
  random: Random,
  hash: (secret: string) => string,
) {
  if ('client_secret' in given) throw new OperatorInputError('client_secret is drawn here and shown once');
  const needsOne = String(given['token_endpoint_auth_method']).startsWith('client_secret');
  const secret = needsOne ? drawClientSecret(random) : null;
  const rp = relyingPartySchema.parse({
    ...given,
    ...(secret === null ? {} : { client_secret: hash(secret) }),
  });
  assertNotInternal(rp);
  return { secret, rp };
}

function composePolicy(rp: RelyingParty, { profile }: ClientPolicy): ClientPolicy {
  const { kind, scope, trusted, min_acr, require_fresh_key, sector_identifier_uri } = rp;
  return policySchema.parse({
    kind,
    profile,
    scope,
    trusted,
    min_acr,
    require_fresh_key,
    sector_identifier_uri,
  } satisfies Record<keyof ClientPolicy, unknown>);
}

function assertNotInternal(rp: RelyingParty): void {
  if (rp.kind === 'internal')
    throw new OperatorInputError('sites of kind internal are our own, made by Nøgle itself');
}

/** Operators mistype too: the addresses are held to what is asked of those who register themselves. */
function assertAddressesAllowed(rp: RelyingParty, rules: AddressRules): void {
  const profile = rp.application_type === 'native' ? 'native' : 'web';
  const faults = [
    ...addressesFor('browser', rp).map(({ uri }) => [uri, findRedirectFault(uri, profile, rules)]),
    ...addressesFor('provider', rp).map(({ uri }) => [uri, findServerAddressFault(uri, rules)]),
  ].filter(([, wrong]) => wrong !== null);
  if (faults.length > 0)
    throw new OperatorInputError(faults.map(([uri, wrong]) => `- ${uri} ${wrong}`).join('\n'));
}

/** Keys with which nobody could sign in take a relying party down: a wrong set changes nothing. */
function assertKeySetUsable(input: RelyingParty): { rp: RelyingParty; leftOut: readonly string[] } {
  const { rp, fault, leftOut } = checkKeySet(input);
  if (fault !== null) throw new OperatorInputError(`- jwks ${fault}`);
  return { rp, leftOut };
}

/**
 * The whole registration, in place of what there was; its secret, if it still has one, stays.
 *
 * @returns the members of its key set that nobody can use and that are left out, with the reason
 */
export async function updateClientByOperator(
  { database }: RegistrationDeps,
  clientId: string,
  given: Readonly<Record<string, unknown>>,
  rules: AddressRules,
): Promise<readonly string[]> {
  const before = await findClientRegistration(database, clientId);
  if (!before || before.rp.kind === 'internal')
    throw new OperatorInputError(`there is no relying party ${clientId}`);
  if ('client_secret' in given) throw new OperatorInputError('client_secret is changed by rotate-secret');
  const hadOne = before.rp.client_secret;
  const needsOne = String(given['token_endpoint_auth_method']).startsWith('client_secret');
  if (needsOne && hadOne === undefined) {
    throw new OperatorInputError(`${clientId} has no secret: remove it and add it anew, under another id`);
  }
  const input = relyingPartySchema.parse({
    ...given,
    client_id: clientId,
    ...(needsOne ? { client_secret: hadOne } : {}),
  });
  assertNotInternal(input);
  assertAddressesAllowed(input, rules);
  const { rp, leftOut } = assertKeySetUsable(input);
  // What is taken away here it does not take back by itself.
  const policy = before.policy && composePolicy(rp, before.policy);
  if (!(await changeRelyingParty(database, { rp, version: before.version, proposed: null, policy }))) {
    throw new OperatorInputError(`${clientId} was changed by somebody else just now; look at it again`);
  }
  return leftOut;
}

/** @param version that was looked at: what came after it is not approved @param picture in place of its own logo */
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

/** @returns the new secret, which is shown once; the old one is worth nothing within two seconds */
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

/** With everything that it was given. Its id is nobody else's ever. */
export async function removeClient({ database }: RegistrationDeps, clientId: string): Promise<void> {
  if (!(await removeRelyingParty(database, clientId))) {
    throw new OperatorInputError(`there is no relying party ${clientId} to remove`);
  }
}
