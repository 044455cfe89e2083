/** What operators do with relying parties. Each is one statement with its audit record (store/registrations). */
import type { Dice } from '../../core/dice.ts';
import { redirectFault, serverFault, type AddressRules } from '../../core/registration/addresses.ts';
import { addressesFor } from '../../core/registration/metadataFields.ts';
import {
  drawClientSecret,
  hashClientSecret,
  initialAccessTokenId,
} from '../../core/registration/clientSecrets.ts';
import { judgeKeySet } from '../../core/registration/keySet.ts';
import { logoOf } from '../../core/registration/logo.ts';
import { policySchema, type Policy, type PolicyInput } from '../../core/registration/policy.ts';
import { relyingPartySchema, type RelyingParty } from '../../core/relyingParty.ts';
import { createInitialAccessToken } from '../../store/initialAccessTokens.ts';
import {
  addRelyingParty,
  approveRelyingParty,
  changeRelyingParty,
  findRegistration,
  removeRelyingParty,
  rotateClientSecret,
} from '../../store/registrations.ts';
import type { Queryable } from '../../store/database.ts';
import type { World } from '../world.ts';

/** The database, or a transaction in which something else is written too. */
type Ours = Pick<World, 'keyring' | 'dice'> & { readonly database: Queryable };

/** What an operator asked for cannot be done; the message says why. */
export class OperatorFault extends Error {}

/** A week is enough for somebody to read their mail. */
const TOKEN_HOURS = 7 * 24;

/**
 * Opens one registration.
 *
 * @param policy what it may be; read by `policySchema`
 * @returns the token, which is kept by its hash alone @throws ZodError
 */
export async function openRegistration(
  world: Ours,
  policy: Readonly<Partial<Record<keyof PolicyInput, unknown>>>,
  hours = TOKEN_HOURS,
): Promise<{ token: string; expiresAt: Date }> {
  const token = drawClientSecret(world.dice);
  const id = initialAccessTokenId(world.keyring, token);
  const expiresAt = await createInitialAccessToken(world.database, id, policySchema.parse(policy), hours);
  return { token, expiresAt };
}

/** @param given a registration as operators write it (docs/how-to/relying-parties.md), without a secret: that is drawn here. */
export async function addByOperator(
  { database, keyring, dice }: Ours,
  given: Readonly<Record<string, unknown>>,
  rules: AddressRules,
): Promise<{ clientId: string; clientSecret: string | null; leftOut: readonly string[] }> {
  const { secret, rp: said } = withSecret(given, dice, (text) => hashClientSecret(keyring, text));
  refuseAddresses(said, rules);
  const { rp, leftOut } = refuseKeySet(said);
  if (!(await addRelyingParty(database, rp))) {
    throw new OperatorFault(`${rp.client_id} is, or was, another relying party`);
  }
  return { clientId: rp.client_id, clientSecret: secret, leftOut };
}

function withSecret(given: Readonly<Record<string, unknown>>, dice: Dice, hash: (secret: string) => string) {
  if ('client_secret' in given) throw new OperatorFault('client_secret is drawn here and shown once');
  const needsOne = String(given['token_endpoint_auth_method']).startsWith('client_secret');
  const secret = needsOne ? drawClientSecret(dice) : null;
  const rp = relyingPartySchema.parse({
    ...given,
    ...(secret === null ? {} : { client_secret: hash(secret) }),
  });
  refuseInternal(rp);
  return { secret, rp };
}

function policyOf(rp: RelyingParty, { profile }: Policy): Policy {
  const { kind, scope, trusted, min_acr, require_fresh_key, sector_identifier_uri } = rp;
  return policySchema.parse({
    kind,
    profile,
    scope,
    trusted,
    min_acr,
    require_fresh_key,
    sector_identifier_uri,
  } satisfies Record<keyof Policy, unknown>);
}

function refuseInternal(rp: RelyingParty): void {
  if (rp.kind === 'internal')
    throw new OperatorFault('sites of kind internal are our own, made by Nøgle itself');
}

/** Operators mistype too: the addresses are held to what is asked of those who register themselves. */
function refuseAddresses(rp: RelyingParty, rules: AddressRules): void {
  const profile = rp.application_type === 'native' ? 'native' : 'web';
  const faults = [
    ...addressesFor('browser', rp).map(({ uri }) => [uri, redirectFault(uri, profile, rules)]),
    ...addressesFor('provider', rp).map(({ uri }) => [uri, serverFault(uri, rules)]),
  ].filter(([, wrong]) => wrong !== null);
  if (faults.length > 0)
    throw new OperatorFault(faults.map(([uri, wrong]) => `- ${uri} ${wrong}`).join('\n'));
}

/** Keys with which nobody could sign in take a relying party down: a wrong set changes nothing. */
function refuseKeySet(said: RelyingParty): { rp: RelyingParty; leftOut: readonly string[] } {
  const { rp, fault, leftOut } = judgeKeySet(said);
  if (fault !== null) throw new OperatorFault(`- jwks ${fault}`);
  return { rp, leftOut };
}

/**
 * The whole registration, in place of what there was; its secret, if it still has one, stays.
 *
 * @returns the members of its key set that nobody can use and that are left out, with the reason
 */
export async function updateByOperator(
  { database }: Ours,
  clientId: string,
  given: Readonly<Record<string, unknown>>,
  rules: AddressRules,
): Promise<readonly string[]> {
  const before = await findRegistration(database, clientId);
  if (!before || before.rp.kind === 'internal')
    throw new OperatorFault(`there is no relying party ${clientId}`);
  if ('client_secret' in given) throw new OperatorFault('client_secret is changed by rotate-secret');
  const hadOne = before.rp.client_secret;
  const needsOne = String(given['token_endpoint_auth_method']).startsWith('client_secret');
  if (needsOne && hadOne === undefined) {
    throw new OperatorFault(`${clientId} has no secret: remove it and add it anew, under another id`);
  }
  const said = relyingPartySchema.parse({
    ...given,
    client_id: clientId,
    ...(needsOne ? { client_secret: hadOne } : {}),
  });
  refuseInternal(said);
  refuseAddresses(said, rules);
  const { rp, leftOut } = refuseKeySet(said);
  // What is taken away here it does not take back by itself.
  const policy = before.policy && policyOf(rp, before.policy);
  if (!(await changeRelyingParty(database, { rp, version: before.version, proposed: null, policy }))) {
    throw new OperatorFault(`${clientId} was changed by somebody else just now; look at it again`);
  }
  return leftOut;
}

/** @param version that was looked at: what came after it is not approved @param picture in place of its own logo */
export async function approve(
  { database }: Ours,
  clientId: string,
  version: number,
  picture: Uint8Array | null,
): Promise<void> {
  const logo = picture && logoOf(picture);
  if (picture && !logo)
    throw new OperatorFault('the logo must be a PNG, JPEG or WebP of at most 5,900 bytes');
  if (await approveRelyingParty(database, clientId, version, logo)) return;
  const now = await findRegistration(database, clientId);
  if (!now) throw new OperatorFault(`there is no relying party ${clientId}`);
  if (now.version !== version) {
    throw new OperatorFault(`${clientId} is at version ${now.version} by now; look at it again`);
  }
  throw new OperatorFault(`nothing of ${clientId} waits for an approval`);
}

/** @returns the new secret, which is shown once; the old one is worth nothing within two seconds */
export async function rotateSecret({ database, keyring, dice }: Ours, clientId: string): Promise<string> {
  const secret = drawClientSecret(dice);
  if (!(await rotateClientSecret(database, clientId, hashClientSecret(keyring, secret)))) {
    throw new OperatorFault(`there is no relying party ${clientId} with a secret`);
  }
  return secret;
}

/** With everything that it was given. Its id is nobody else's ever. */
export async function remove({ database }: Ours, clientId: string): Promise<void> {
  if (!(await removeRelyingParty(database, clientId))) {
    throw new OperatorFault(`there is no relying party ${clientId} to remove`);
  }
}
