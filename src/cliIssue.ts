/** The part of the commands that issues IDs: to anybody in the sandbox, to the first two operators anywhere, once. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { App } from './app.ts';
import type { Outcome } from './cliKeys.ts';
import type { RecordCommand } from './cliOperator.ts';
import { BLANK_DESK_FORM, DESK_FIELDS, type DeskFaults, type DeskTyped } from './core/issuing/deskForm.ts';
import { readLine } from './core/input/typedText.ts';
import { databaseRegister } from './store/issuing/register.ts';
import { bootstrap, issueByCommand } from './usecases/issuing/issueByCommand.ts';

/** The fields of the desk's form, as they are sent from there; boxes are `yes`. What is left out is empty. */
const formSchema = z
  .strictObject(Object.fromEntries(DESK_FIELDS.map((name) => [name, z.string().max(2_000)])))
  .partial();

/** The file does not say what is needed. */
export class FormFault extends Error {}

function readJson<Shape extends z.ZodType>(file: string, schema: Shape): z.output<Shape> {
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the file'}: ${message}`,
  );
  throw new FormFault(`${file}: ${faults.join('; ')}`);
}

/** Tidied as what a browser sends is. */
const filled = (given: Record<string, string | undefined>): DeskTyped => ({
  ...BLANK_DESK_FORM,
  ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, readLine(value ?? '')])),
});

export async function issueFromFile({ world }: App, file: string, record: RecordCommand): Promise<Outcome> {
  const register = databaseRegister(world.database, world.keyring);
  const typed = filled(readJson(file, formSchema));
  const came = await issueByCommand({ world, register }, typed, async (db, applied) => {
    if (applied.kind === 'issued') await record(db, { identityId: applied.identityId });
  });
  if (came.kind !== 'issued') throw new FormFault(`no ID was issued: ${saying(came)}`);
  const { identityId } = came;
  return { text: 'an ID was issued; two letters are on their way, on different days', json: { identityId } };
}

export async function bootstrapFromFile(
  { world }: App,
  file: string,
  record: RecordCommand,
): Promise<Outcome> {
  const register = databaseRegister(world.database, world.keyring);
  const [first, second] = readJson(file, z.tuple([formSchema, formSchema]));
  const came = await bootstrap({ world, register }, [filled(first), filled(second)], record);
  if (came.kind === 'already') {
    throw new FormFault('this was done before: operators propose and approve each other at /desk/staff');
  }
  if (came.kind === 'not_possible') {
    throw new FormFault(`nobody was made an operator: the ${ORDINALS[came.which]}: ${saying(came.why)}`);
  }
  return { text: 'both are operators, once they have taken their IDs into use', json: { ok: true } };
}

const ORDINALS = ['first', 'second'];

type Came =
  | { readonly kind: 'faults'; readonly faults: DeskFaults }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  | { readonly kind: 'name_differs' | 'changed' | 'has_id' | 'looks_like' | 'waiting' | 'another_waits' };

/** Never with what was typed: terminals and logs keep it. */
function saying(came: Came): string {
  switch (came.kind) {
    case 'faults':
      return Object.entries(came.faults)
        .map(([field, fault]) => `${field}: ${fault}`)
        .join(', ');
    case 'refused':
      return `refused: ${came.reasons.join(', ')}`;
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
