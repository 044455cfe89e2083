/**
 * What others need of the table of client metadata: both schemas, what is decided, approved, carried along
 * and visited.
 */
import type { z } from 'zod';
import { CLIENT_METADATA, type Field } from './clientMetadata.ts';

type Table = typeof CLIENT_METADATA;
export type MetadataName = keyof Table;
type Rows<Row> = { [Name in MetadataName]: Table[Name] extends Row ? Name : never }[MetadataName];

/** What a relying party may say of itself. */
export type OwnField = Rows<{ own: z.ZodType }>;
/** What is decided for it, by the policy of its token: whatever it says, or because it says nothing. */
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

/** What counts only once operators have approved it. */
export const APPROVED = namesWhere(({ change }) => change === 'approval');

/** What the provider has to carry along with a client, and does not know by itself. */
export const CUSTOM_METADATA = namesWhere(({ provider }) => provider === 'custom');

/** The addresses in a registration that a visitor goes to, each with its field, in the order of the table. */
export function addressesFor(
  visitor: 'browser' | 'provider',
  metadata: Readonly<Partial<Record<AddressName, string | readonly string[] | undefined>>>,
): { readonly field: AddressName; readonly uri: string }[] {
  const fields = namesWhere(({ visitedBy }) => visitedBy === visitor) as AddressName[];
  return fields.flatMap((field) => [metadata[field] ?? []].flat().map((uri) => ({ field, uri })));
}
