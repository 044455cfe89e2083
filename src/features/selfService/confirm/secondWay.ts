/**
 * A second way that the person signs in with already confirms an addition, beside the card's key, which is
 * always asked for. An answer of a security key serves for this addition alone: its challenge is derived from
 * the row that waits, its session and the number of its page. A code counts as at a sign-in.
 */
import {
  factorOf,
  listCountingKeys,
  type ConfirmingWay,
  type SecurityKeyFault,
} from '../../../domain/factors/securityKey.ts';
import { parseCode, type MatchedCode } from '../../../domain/factors/codeToken.ts';
import { assertCodeTokenBound, spendCode, type StoredCodeToken } from '../../../db/factors/codeTokens.ts';
import { assertSecurityKeyBound } from '../../../db/factors/securityKeys.ts';
import { useSecurityKey, type SecurityKeyUse } from '../../../db/factors/securityKeyUse.ts';
import type { Queryable } from '../../../db/database.ts';
import { recordSignInFailure, reportFailedStep } from '../../authentication/index.ts';
import { matchTypedCode } from '../../codeTokens/index.ts';
import { composeChallenge, hashAnswer, parseAssertion, verifyAssertion } from '../../signIn/index.ts';
import type { AppContext } from '../../appContext.ts';
import type { ConfirmationOutcome } from './confirmation.rules.ts';
import type { ConfirmationOwner, StoredConfirmation } from './confirmations.queries.ts';

/** Both empty where the person gave only the card's key. */
export interface SubmittedSecondWay {
  /** JSON, as the browser made it. */
  readonly credential: string;
  /** As it was typed; not looked at beside a credential. */
  readonly code: string;
  /** The token of the session's forms, which was verified. */
  readonly csrf: string;
  readonly issuer: string;
}

/** A code that does not match: counted as a wrong answer, once the card's key is compared with it. */
type WrongCode = Extract<ConfirmationOutcome['kind'], 'wrong_code' | 'far_code' | 'beyond_code'>;

export type SecondWay =
  | ({ readonly kind: 'security_key' } & SecurityKeyUse)
  | { readonly kind: 'code'; readonly token: StoredCodeToken; readonly match: MatchedCode }
  | { readonly kind: WrongCode };

export function isWrongCode(way: SecondWay): way is Extract<SecondWay, { kind: WrongCode }> {
  return way.kind !== 'security_key' && way.kind !== 'code';
}

/** The value of a page's field from which the browser makes its challenge; for this addition alone. */
export function composeSecondWayForm(
  { keyring }: Pick<AppContext, 'keyring'>,
  id: string,
  { identityId, session }: ConfirmationOwner,
  nonce: string,
): string {
  const text = JSON.stringify([id, identityId, session.toString('base64url'), nonce]);
  return keyring.hmac('records', `confirmation challenge v1 ${text}`).toString('base64url');
}

interface ConfirmationForm {
  readonly id: string;
  readonly owner: ConfirmationOwner;
  /** Null for a page of the previous version, which asks for none. */
  readonly nonce: string | null;
}

/**
 * Reads what was given, and accepts nothing yet.
 * @returns null where nothing was given; an outcome where it is refused before the card's key is compared:
 *   nothing is counted then, because it cannot be guessed, or was accepted before
 */
export async function readSecondWay(
  context: AppContext,
  stored: StoredConfirmation,
  form: ConfirmationForm,
  submitted: SubmittedSecondWay,
): Promise<SecondWay | Refused | null> {
  const { nonce } = form;
  if (nonce === null) return null;
  if (submitted.credential !== '') return await readAnswer(context, stored, { ...form, nonce }, submitted);
  return submitted.code.trim() === '' ? null : readCode(context, stored, submitted.code);
}

type Refused = { readonly refused: ConfirmationOutcome };

async function readAnswer(
  context: AppContext,
  { securityKeys }: StoredConfirmation,
  { id, owner, nonce }: ConfirmationForm & { readonly nonce: string },
  { credential, csrf, issuer }: SubmittedSecondWay,
): Promise<SecondWay | Refused> {
  const assertion = parseAssertion(credential);
  if (!assertion) return refuseAnswer(context, null, 'malformed');
  const credentialId = Buffer.from(assertion.id, 'base64url');
  const key = securityKeys.find((one) => one.credentialId.equals(credentialId));
  if (!key) return refuseAnswer(context, null, 'not_accepted');
  assertSecurityKeyBound(context.database, key);
  const challenge = composeChallenge(csrf, composeSecondWayForm(context, id, owner, nonce));
  const verified = await verifyAssertion(assertion, { key, challenge, issuer });
  if ('why' in verified) return refuseAnswer(context, owner.identityId, verified.why);
  if (listCountingKeys([key], context.clock.now()).length === 0)
    return refuseAnswer(context, owner.identityId, 'waiting');
  return { kind: 'security_key', key, challenge: hashAnswer(challenge), ...verified };
}

/** @param identityId null where it is not an answer of a key of this person: their log says nothing of it */
function refuseAnswer(context: AppContext, identityId: string | null, why: SecurityKeyFault): Refused {
  reportFailedStep(context, { step: 'security_key', identityId }, 'wrong');
  if (identityId !== null) recordSignInFailure(context, identityId, 'security_key');
  return { refused: { kind: 'security_key_refused', why } };
}

/** What is no code is not compared, and the code of the last use is not counted, as at a sign-in. */
function readCode(
  context: AppContext,
  { codeToken: token }: StoredConfirmation,
  typed: string,
): SecondWay | Refused {
  if (!token) return { refused: { kind: 'code_token_gone' } };
  assertCodeTokenBound(context.database, token);
  if (parseCode(typed, token.digits) === null)
    return { refused: { kind: 'malformed_code', digits: token.digits } };
  const match = matchTypedCode(context, token, typed);
  switch (match.kind) {
    case 'right':
      return { kind: 'code', token, match: match.code };
    case 'spent':
      return { refused: { kind: 'code_spent' } };
    default:
      return { kind: `${match.kind}_code` };
  }
}

/** What the log says confirmed it. */
export function readConfirmingWay(way: SecondWay | null): ConfirmingWay | null {
  switch (way?.kind) {
    case 'security_key':
      return { factor: factorOf(way.key) as ConfirmingWay['factor'], id: way.key.id };
    case 'code':
      return { factor: 'code_token', id: way.token.id };
    default:
      return null;
  }
}

/**
 * Uses it up, in the transaction that spends the card's key and has locked the identity.
 * @returns an outcome where it was used elsewhere or has ended since it was read; the caller rolls back
 */
export async function useSecondWay(
  db: Queryable,
  way: SecondWay | null,
  now: Date,
): Promise<ConfirmationOutcome | null> {
  switch (way?.kind) {
    case 'security_key':
      return (await useSecurityKey(db, way, now))
        ? null
        : { kind: 'security_key_refused', why: 'not_accepted' };
    case 'code':
      return (await spendCode(db, way.token, way.match, now)) ? null : { kind: 'code_spent' };
    default:
      return null;
  }
}
