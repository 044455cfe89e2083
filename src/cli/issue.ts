/**
 * The commands that issue IDs: `issue` to anyone in the sandbox; `bootstrap`, once, to the first two
 * operators.
 */
import { z } from 'zod';
import type { App } from '../app.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';
import { readOperatorJson } from './operatorFile.ts';
import type { RefusalReason } from '../domain/issuing/application.ts';
import {
  BLANK_DESK_FORM,
  DESK_FIELDS,
  type DeskFaults,
  type DeskField,
  type DeskFormInput,
  readDeskForm,
} from '../domain/issuing/deskForm.ts';
import { ConfigError, readConfig } from '../config/config.ts';
import { readLine } from '../domain/input/typedText.ts';
import { createDatabaseRegister } from '../db/people/populationRegister.ts';
import { isRehearsal } from '../db/rehearsal.ts';
import { bootstrapOperators, issueByCommand } from '../features/desk/issue/issueByCommand.ts';

/**
 * The fields of the desk's form, under the names that the form posts. A checked box is `yes`. A missing field
 * is empty.
 */
const formSchema = z
  .strictObject(Object.fromEntries(DESK_FIELDS.map((name) => [name, z.string().max(2_000)])))
  .partial();

/** A required field is missing from the file, or no ID could be issued from it. */
export class FormFileError extends Error {}

function readJsonOfSchema<Shape extends z.ZodType>(file: string, schema: Shape): z.output<Shape> {
  const parsed = schema.safeParse(readOperatorJson(file));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the file'}: ${message}`,
  );
  throw new FormFileError(`${file}: ${faults.join('; ')}`);
}

/** Normalized as form posts are. */
const fillDeskForm = (fields: Record<string, string | undefined>): DeskFormInput => ({
  ...BLANK_DESK_FORM,
  ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, readLine(value ?? '')])),
});

/** @throws ConfigError in production */
export function assertSandbox(): void {
  if (readConfig(process.env).mode === 'server') {
    throw new ConfigError([
      'this is for the sandbox: in production IDs are issued at desks, banks and online',
    ]);
  }
}

export async function issueFromFile(
  { context }: App,
  file: string,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const populationRegister = createDatabaseRegister(context.database, context.keyring);
  const typed = fillDeskForm(readJsonOfSchema(file, formSchema));
  const outcome = await issueByCommand({ context, populationRegister }, typed, async (db, applied) => {
    if (applied.kind === 'issued') await record(db, { identityId: applied.identityId });
  });
  if (outcome.kind !== 'issued')
    throw new FormFileError(`no ID was issued: ${describeIssueOutcome(outcome)}`);
  const { identityId } = outcome;
  return { text: 'an ID was issued; two letters are on their way, on different days', json: { identityId } };
}

/** @throws FormFileError in a rehearsal, whose letters are sent in no other way */
export async function bootstrapByCommand(
  app: App,
  file: string,
  record: RecordCommand,
): Promise<CommandOutcome> {
  if (await isRehearsal(app.context.database))
    throw new FormFileError(
      'this database is a rehearsal, and stays one: bootstrap FILE --rehearse DATABASE --letters FOLDER',
    );
  return await bootstrapFromFile(app, file, record);
}

/**
 * Both forms as the command would read them, before anything is changed. The register is not asked.
 * @throws FormFileError
 */
export function checkOperatorsFile({ context: { rules, clock } }: App, file: string): void {
  readJsonOfSchema(file, z.tuple([formSchema, formSchema])).forEach((typed, which) => {
    const reading = readDeskForm(fillDeskForm(typed), { kinds: rules.identification, now: clock.now() });
    if (!('faults' in reading)) return;
    const why = describeIssueOutcome({ kind: 'faults', faults: reading.faults });
    throw new FormFileError(`nobody was made an operator: the ${ORDINALS[which]}: ${why}`);
  });
}

export async function bootstrapFromFile(
  { context }: App,
  file: string,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const populationRegister = createDatabaseRegister(context.database, context.keyring);
  const [first, second] = readJsonOfSchema(file, z.tuple([formSchema, formSchema]));
  const outcome = await bootstrapOperators(
    { context, populationRegister },
    [fillDeskForm(first), fillDeskForm(second)],
    record,
  );
  if (outcome.kind === 'already') {
    throw new FormFileError('this was done before: operators propose and approve each other at /desk/staff');
  }
  if (outcome.kind === 'not_possible') {
    const obstacles = outcome.obstacles.map(
      ({ which, why }) => `the ${which === null ? 'two' : ORDINALS[which]}: ${describeIssueOutcome(why)}`,
    );
    throw new FormFileError(`nobody was made an operator, and nothing was written: ${obstacles.join('; ')}`);
  }
  return { text: 'both are operators, once they have taken their IDs into use', json: { ok: true } };
}

const ORDINALS = ['first', 'second'];

/** The field of the form to look at. */
const FIELD_OF_REASON: Readonly<Record<RefusalReason, DeskField>> = {
  no_identification: 'idKind',
  identification_invalid: 'valid',
  identification_expired: 'idExpires',
  identification_not_theirs: 'theirs',
  needs_interpreter: 'understands',
  cannot_operate_alone: 'alone',
  terms_not_accepted: 'terms',
  no_guardian: 'guardian',
  under_15_online: 'cpr',
  not_in_register: 'cpr',
  dead: 'cpr',
  emigrated: 'cpr',
  no_address: 'street',
};

type IssueOutcome =
  | { readonly kind: 'faults'; readonly faults: DeskFaults }
  | { readonly kind: 'refused'; readonly reasons: readonly RefusalReason[] }
  | { readonly kind: 'same_person'; readonly field: string }
  | { readonly kind: 'name_differs' | 'changed' | 'has_id' | 'looks_like' | 'waiting' | 'another_waits' };

/** Contains nothing that was typed in: terminals and logs keep what is printed. */
function describeIssueOutcome(outcome: IssueOutcome): string {
  switch (outcome.kind) {
    case 'faults':
      return Object.entries(outcome.faults)
        .map(([field, fault]) => `${field}: ${fault}`)
        .join(', ');
    case 'refused':
      return `refused: ${outcome.reasons.map((reason) => `${reason} (${FIELD_OF_REASON[reason]})`).join(', ')}`;
    case 'same_person':
      return `${outcome.field}: the first two operators are two people, and both have the same one`;
    case 'name_differs':
    case 'changed':
      return 'the register has another name for this CPR number';
    case 'has_id':
      return 'this person has an ID already';
    case 'looks_like':
      return 'somebody of this name and birth date has an ID: this is for the desk';
    case 'waiting':
    case 'another_waits':
      return 'an application of this person waits for a second officer';
  }
}
