/**
 * Views of the client metadata table: the schemas, and the fields that are decided, approved, custom, or hold
 * URLs.
 */
import type { z } from 'zod';
import { CLIENT_METADATA, type Field } from './clientMetadata.ts';

type Table = typeof CLIENT_METADATA;
export type MetadataName = keyof Table;
type Rows<Row> = { [Name in MetadataName]: Table[Name] extends Row ? Name : never }[MetadataName];

/** The fields that a relying party may set. */
export type OwnField = Rows<{ own: z.ZodType }>;
/**
 * The fields that the policy of its initial access token decides, regardless of what the relying party sends.
 */
export type DecidedField = Exclude<MetadataName, OwnField> | Rows<{ change: 'policy' }>;
type AddressName = Rows<{ visitedBy: string }>;

const ROWS = Object.entries(CLIENT_METADATA) as [MetadataName, Field][];

function namesWhere(isWanted: (row: Field) => boolean): MetadataName[] {
  return ROWS.filter(([, row]) => isWanted(row)).map(([field]) => field);
}

export const STORED_FIELDS = Object.fromEntries(
  ROWS.map(([field, { stored }]) => [field, stored]),
) as object as {
  readonly [Name in MetadataName]: Table[Name]['stored'];
};

export const OWN_NAMES = namesWhere(({ own }) => own !== null) as OwnField[];
export const OWN_FIELDS = Object.fromEntries(
  OWN_NAMES.map((field) => [field, CLIENT_METADATA[field].own]),
) as object as { readonly [Name in OwnField]: Table[Name]['own'] };

/** The fields that take effect only once operators have approved them. */
export const APPROVED = namesWhere(({ change }) => change === 'approval');

/** The fields that oidc-provider does not know and that must be declared as extra client metadata. */
export const CUSTOM_METADATA = namesWhere(({ provider }) => provider === 'custom');

/**
 * The URLs in a registration that the given party requests, each with its field, in the order of the table.
 */
export function addressesFor(
  visitor: 'browser' | 'provider' | 'person',
  metadata: Readonly<Partial<Record<AddressName, string | readonly string[] | undefined>>>,
): { readonly field: AddressName; readonly uri: string }[] {
  const fields = namesWhere(({ visitedBy }) => visitedBy === visitor) as AddressName[];
  return fields.flatMap((field) => [metadata[field] ?? []].flat().map((uri) => ({ field, uri })));
}
