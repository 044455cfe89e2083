/**
 * Derives the subjects under which a person's attempts are counted: keyed hashes, which do not reveal the
 * person. They are stored next to the identity, so that one statement reads both. The subjects of persons who
 * were registered by a version without them are filled in.
 */
import { saveAttemptSubjects, findIdentitiesWithoutSubjects } from '../../db/signIn/attemptSubjects.ts';
import type { AppContext } from '../appContext.ts';

type AttemptsKeyring = Pick<AppContext, 'keyring'>;

export interface AttemptSubjects {
  readonly password: Buffer;
  readonly key: Buffer;
}

export function deriveAttemptSubjects(context: AttemptsKeyring, identityId: string): AttemptSubjects {
  return {
    password: hashPasswordSubject(context, `identity ${identityId}`),
    key: hashKeySubject(context, identityId),
  };
}

/** @param owner `identity <id>`, or `name <folded name>` of an unknown name */
export function hashPasswordSubject({ keyring }: AttemptsKeyring, owner: string): Buffer {
  return keyring.hmac('attempts', `password of ${owner}`);
}

export function hashBrowserSubject(
  { keyring }: AttemptsKeyring,
  identityId: string,
  browser: Buffer,
): Buffer {
  const text = `password of identity ${identityId} from browser ${browser.toString('base64url')}`;
  return keyring.hmac('attempts', text);
}

export function hashKeySubject({ keyring }: AttemptsKeyring, identityId: string): Buffer {
  return keyring.hmac('attempts', `key of identity ${identityId}`);
}

const BATCH_SIZE = 500;

/**
 * Fills in one batch of 500. An identity without stored subjects costs an extra statement at the sign-in, and
 * no one may recognise such an identity by its response time.
 * @returns true when there may be more
 */
export async function backfillAttemptSubjects(context: AppContext): Promise<boolean> {
  const ids = await findIdentitiesWithoutSubjects(context.database, BATCH_SIZE);
  if (ids.length > 0) {
    await saveAttemptSubjects(
      context.database,
      ids.map((id) => ({ id, ...deriveAttemptSubjects(context, id) })),
    );
  }
  return ids.length === BATCH_SIZE;
}
