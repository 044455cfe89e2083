/** The commands `relying-party …` and `initial-access-token create`. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DEFAULT_LANGUAGE, fieldIn } from '../domain/language/language.ts';
import type { App } from '../app.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';
import { explainReadError, readOperatorJson } from './operatorFile.ts';
import type { Queryable } from '../db/database.ts';
import {
  findClientRegistration,
  listClientRegistrations,
  type ClientRegistration,
} from '../db/oidc/clientRegistrations.ts';
import {
  addClientByOperator,
  approveClient,
  openClientRegistration,
  OperatorInputError,
  removeClient,
  rotateSecretOfClient,
  updateClientByOperator,
} from '../features/relyingParties/registrations.ts';

export interface RelyingPartyOptions {
  readonly logo?: string | undefined;
  readonly version?: string | undefined;
  readonly kind?: string | undefined;
  readonly profile?: string | undefined;
  readonly scope?: string | undefined;
  readonly sector?: string | undefined;
  readonly acr?: string | undefined;
  readonly proofing?: string | undefined;
  readonly hours?: string | undefined;
  readonly trusted?: boolean | undefined;
}

/** The issuer of this Nøgle. */
interface CliIssuer {
  readonly issuer: string;
}

/** @returns null when the arguments are wrong */
export async function runRelyingPartiesCommand(
  { context }: App,
  { issuer }: CliIssuer,
  [action, argument, file, ...more]: readonly string[],
  options: RelyingPartyOptions,
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  const recorded = createRecordingRunner(context, record);
  if (more.length > 0 || (file !== undefined && action !== 'update')) return null;
  if (action === 'list' && argument === undefined) {
    const all = await listClientRegistrations(context.database);
    return {
      text: all.map(composeSummaryLine).join('\n') || 'no relying parties',
      json: all.map(composeSummary),
    };
  }
  if (argument === undefined) return null;
  // Without TLS this Nøgle itself runs on a developer's machine: loopback addresses are allowed.
  const rules = { issuer, loopback: issuer.startsWith('http:') };
  switch (action) {
    case 'add': {
      const document = readJsonFile(argument);
      const added = await recorded(async (deps) => {
        const made = await reportAllFaults(addClientByOperator(deps, document, rules));
        return [made, { clientId: made.clientId }];
      });
      const { clientId, clientSecret, leftOut } = added;
      return {
        text:
          clientSecret === null
            ? `${clientId} is added${describeLeftOut(leftOut)}`
            : `${clientId} is added${describeLeftOut(leftOut)}. Its secret, shown once:\n${clientSecret}`,
        json: { clientId, clientSecret, ...(leftOut.length > 0 ? { leftOut } : {}) },
      };
    }
    case 'show': {
      const found = await findClientRegistration(context.database, argument);
      if (!found) throw new OperatorInputError(`there is no relying party ${argument}`);
      return { text: JSON.stringify(composeDetails(found), null, 2), json: composeDetails(found) };
    }
    case 'update': {
      if (file === undefined) return null;
      const document = readJsonFile(file);
      const leftOut = await recorded(async (deps) => [
        await reportAllFaults(updateClientByOperator(deps, argument, document, rules)),
        { clientId: argument },
      ]);
      const json = { clientId: argument, ...(leftOut.length > 0 ? { leftOut } : {}) };
      return { text: `${argument} is changed${describeLeftOut(leftOut)}`, json };
    }
    case 'approve': {
      if (!/^[1-9]\d{0,8}$/.test(options.version ?? '')) return null;
      const picture = options.logo === undefined ? null : await readPicture(options.logo);
      const version = Number(options.version);
      await recorded(async (deps) => [
        await approveClient(deps, argument, version, picture),
        { clientId: argument, version },
      ]);
      return { text: `${argument} is approved`, json: { clientId: argument } };
    }
    case 'rotate-secret': {
      const clientSecret = await recorded(async (deps) => [
        await rotateSecretOfClient(deps, argument),
        { clientId: argument },
      ]);
      return {
        text: `The new secret of ${argument}, shown once:\n${clientSecret}`,
        json: { clientId: argument, clientSecret },
      };
    }
    case 'remove':
      await recorded(async (deps) => [await removeClient(deps, argument), { clientId: argument }]);
      return { text: `${argument} is removed, with all that it was given`, json: { clientId: argument } };
    default:
      return null;
  }
}

/** @returns null when the arguments are wrong */
export async function runAccessTokensCommand(
  { context }: App,
  { issuer }: CliIssuer,
  [action, ...more]: readonly string[],
  { kind, profile, scope, sector, acr, proofing, hours, trusted }: RelyingPartyOptions,
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (action !== 'create' || more.length > 0 || kind === undefined) return null;
  if (hours !== undefined && !/^[1-9]\d{0,3}$/.test(hours)) return null;
  const policy = {
    kind,
    ...(profile === undefined ? {} : { profile }),
    ...(scope === undefined ? {} : { scope }),
    ...(sector === undefined ? {} : { sector_identifier_uri: sector }),
    ...(acr === undefined ? {} : { min_acr: acr }),
    ...(proofing === undefined ? {} : { min_proofing: proofing }),
    trusted: trusted ?? false,
  };
  const { token, expiresAt } = await createRecordingRunner(
    context,
    record,
  )(async (deps) => [
    await reportAllFaults(openClientRegistration(deps, policy, hours ? Number(hours) : undefined)),
    { policy },
  ]);
  return {
    text: `For one registration at ${issuer}/reg, until ${expiresAt.toISOString()}; shown once:\n${token}`,
    json: { token, expiresAt, registrationEndpoint: `${issuer}/reg` },
  };
}

type RecordingDeps = Omit<App['context'], 'database'> & { readonly database: Queryable };

/**
 * Runs the work and records the operator's command in one transaction. When the work throws, neither is
 * stored.
 */
function createRecordingRunner(context: App['context'], record: RecordCommand) {
  return async <T>(
    work: (deps: RecordingDeps) => Promise<[T, Readonly<Record<string, unknown>>]>,
  ): Promise<T> =>
    await context.database.transaction(async (database) => {
      const [outcome, about] = await work({ ...context, database });
      await record(database, about);
      return outcome;
    });
}

async function readPicture(file: string): Promise<Buffer> {
  return await readFile(file).catch((cause: unknown) => {
    throw new OperatorInputError(explainReadError(cause, file), { cause });
  });
}

function readJsonFile(file: string): Record<string, unknown> {
  const read = readOperatorJson(file);
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new OperatorInputError(`${file} is no JSON object`);
  }
  return read as Record<string, unknown>;
}

function describeLeftOut(keys: readonly string[]): string {
  return keys.length === 0 ? '' : `, without keys that cannot be used (${keys.join('; ')})`;
}

/** Reports all faults of the document together, one a line. @throws OperatorInputError */
async function reportAllFaults<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const lines = error.issues.map(({ path, message }) => `- ${path.join('.') || 'the whole'}: ${message}`);
    throw new OperatorInputError(lines.join('\n'), { cause: error });
  }
}

function composeSummary({ rp, state, proposed, version }: ClientRegistration) {
  return {
    clientId: rp.client_id,
    kind: rp.kind,
    state: proposed ? 'change_pending' : state,
    version,
    name: rp[fieldIn('name', DEFAULT_LANGUAGE)],
  };
}

function composeSummaryLine(registration: ClientRegistration): string {
  const { clientId, kind, state, version, name } = composeSummary(registration);
  return `${clientId}  ${kind}, ${state}, version ${version}: ${name}`;
}

/**
 * Everything but the hash of the secret. The hash is of no use to an operator, and could be mistaken for the
 * secret.
 */
function composeDetails(registration: ClientRegistration) {
  const { rp, policy, proposed, createdAt } = registration;
  const { client_secret: secret, ...rest } = rp;
  const changes =
    proposed &&
    Object.fromEntries(
      Object.entries(proposed).filter(
        ([name, value]) =>
          name !== 'client_secret' && JSON.stringify(value) !== JSON.stringify(Reflect.get(rp, name)),
      ),
    );
  return {
    ...composeSummary(registration),
    createdAt,
    hasSecret: secret !== undefined,
    policy,
    registration: rest,
    ...(changes ? { proposed: changes } : {}),
  };
}
