/** Renews one sealed value of a row under the current key of its ring. */
import { readHeadKid } from '../../domain/boxHead.ts';
import { DamagedSeal } from '../../domain/damagedSeal.ts';
import { composeEntryContext } from '../../db/people/populationRegister.ts';
import { composeSeedContext } from '../../db/factors/codeTokens.ts';
import { ringOfColumn, type ResealedColumn, type ResealedRing } from '../../db/ringKeys/keyedColumns.ts';
import type { ReplacedValue, SealedRow } from '../../db/ringKeys/sealedColumns.ts';
import { LETTER_EMAIL_CONTEXT } from '../../features/contact/emailInLetter.ts';
import { composeAddressContext, composeEmailContext } from '../../features/contact/sealedContact.ts';
import { composeRequestedEmailContext } from '../../features/contact/submitEmail.ts';
import { composeCprChangeContext } from '../../features/desk/cprChange/proposeCprChange.ts';
import { composeColleagueContext } from '../../features/desk/staff/proposeColleagueAction.ts';
import { composeApplicationContext } from '../../features/issuing/submission.ts';
import { composeSigningKeyContext } from '../../oidc/keys/signingKeys.ts';
import type { Keyring } from '../../platform/keyring.ts';

type RowKey = Pick<SealedRow, 'key' | 'about'>;

/** The context that a value is sealed under. A value of JSON has one for all rows. */
const CONTEXTS: Readonly<Record<ResealedColumn, (row: RowKey) => string>> = {
  'people.cpr_sealed': ({ key }) => key,
  'people.address_sealed': ({ key }) => composeAddressContext(key),
  'people.former_address_sealed': ({ key }) => composeAddressContext(key),
  'people.email_sealed': ({ key }) => composeEmailContext(key),
  'people.next_email_sealed': ({ key }) => composeEmailContext(key),
  'email_requests.email_sealed': ({ key, about }) =>
    composeRequestedEmailContext({ identityId: key, id: about ?? '' }),
  'register_entries.entry_sealed': ({ key }) => composeEntryContext(Buffer.from(key, 'hex')),
  'applications.form_sealed': ({ key }) => composeApplicationContext(key),
  'cpr_changes.change_sealed': ({ key }) => composeCprChangeContext(key),
  'colleague_actions.asked_sealed': ({ key }) => composeColleagueContext(key),
  'signing_keys.private_jwk_sealed': ({ key }) => composeSigningKeyContext(key),
  'letters.notice': () => LETTER_EMAIL_CONTEXT,
  'notices.details': () => LETTER_EMAIL_CONTEXT,
  'gathered_notices.notice': () => LETTER_EMAIL_CONTEXT,
  'code_tokens.seed_sealed': ({ key }) => composeSeedContext(key),
};

/**
 * The value of the row under the current key: the new one was opened and is the same.
 * @returns null where nothing is to be renewed
 * @throws DamagedSeal
 */
export function resealRow(keyring: Keyring, column: ResealedColumn, row: SealedRow): ReplacedValue | null {
  const context = CONTEXTS[column](row);
  const reseal = (box: Buffer) => resealBox(keyring, ringOfColumn(column), box, context);
  if (row.box) return { key: row.key, before: row.box, after: reseal(row.box) };
  if (row.json === null || readJsonKids(row.json).every((kid) => kid === keyring.currentKid('seal')))
    return null;
  const after = replaceEmails(JSON.parse(row.json), (text) =>
    reseal(Buffer.from(text, 'base64url')).toString('base64url'),
  );
  return { key: row.key, before: row.json, after: JSON.stringify(after) };
}

function resealBox(keyring: Keyring, ring: ResealedRing, box: Buffer, context: string): Buffer {
  if (readHeadKid(box) === null) throw new DamagedSeal(ring, context, null);
  const plaintext = keyring.openBytes(ring, box, context);
  const resealed = keyring.seal(ring, plaintext, context);
  if (!keyring.openBytes(ring, resealed, context).equals(plaintext))
    throw new Error('a new seal did not open to what was sealed: nothing was written');
  return resealed;
}

const EMAIL_MEMBER = 'emailSealed';

/** The ids of the keys that the e-mail addresses in the details of a notice are sealed under. */
export function readJsonKids(json: string): readonly (string | null)[] {
  const kids: (string | null)[] = [];
  replaceEmails(JSON.parse(json), (text) => {
    kids.push(readHeadKid(Buffer.from(text, 'base64url')));
    return text;
  });
  return kids;
}

/** Notices of a day are in one letter, each with its details. */
function replaceEmails(value: unknown, replace: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => replaceEmails(one, replace));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]: [string, unknown]) => [
      name,
      name === EMAIL_MEMBER && typeof one === 'string' ? replace(one) : replaceEmails(one, replace),
    ]),
  );
}
