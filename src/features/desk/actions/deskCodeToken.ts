/**
 * The code token of an action at the desk: the one that the officer hands over, or the one that the person
 * has brought. Its codes are compared before anything is done: they are read off the device. A wrong one
 * counts for the person, as a wrong key at the desk and a wrong code in self-service do: a member of staff
 * gets no more guesses than anyone.
 */
import type { DeskAction } from '../../../domain/staff/desk.ts';
import { findCodeTokens } from '../../../db/factors/codeTokens.ts';
import type { Queryable } from '../../../db/database.ts';
import type { AuditActor } from '../../../domain/auditEvent.ts';
import type { CodeTokenRefusal } from '../../../domain/factors/codeTokenRefusal.ts';
import {
  CODE_DIGITS,
  foldSerialNumber,
  parseCode,
  type MatchedCode,
} from '../../../domain/factors/codeToken.ts';
import {
  findCodeTokenToHandOver,
  handOverCodeToken,
  matchTwoTypedCodes,
  matchTypedCode,
  resyncInTransaction,
  type CodeTokenToHandOver,
} from '../../codeTokens/index.ts';
import { verifyTypedCode } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';

export type DeskCodeToken =
  | ({ readonly kind: 'hand_over' } & CodeTokenToHandOver)
  | { readonly kind: 'adjust'; readonly tokenId: string; readonly code: MatchedCode };

/** The fields of its form, in the order of the page. */
export const CODE_TOKEN_FIELDS = {
  'give-code-token': ['serialNumber', 'code'],
  'adjust-code-token': ['code', 'nextCode'],
} as const;
export type CodeTokenAction = keyof typeof CODE_TOKEN_FIELDS;

export function isCodeTokenAction(action: DeskAction): action is CodeTokenAction {
  return action in CODE_TOKEN_FIELDS;
}

interface TypedToken {
  readonly serialNumber: string;
  readonly code: string;
  readonly nextCode: string;
}

/** `token_code_last`: one more wrong code locks card and code token, or blocks them. */
type CodeTokenFault =
  | 'no_such_token'
  | 'token_code_wrong'
  | 'token_codes_wrong'
  | 'token_code_last'
  | 'token_locked'
  | 'token_busy'
  | 'token_exhausted';
export type DeskCodeTokenResult =
  | { readonly token: DeskCodeToken | null; readonly faults: Readonly<Record<never, never>> }
  | { readonly token: null; readonly faults: Partial<Record<keyof TypedToken, CodeTokenFault>> };

const NOTHING = { token: null, faults: {} } as const;

/**
 * The same form, sent again, is one attempt.
 * @throws DamagedSeal, RowMacMismatch
 */
export async function readDeskCodeToken(
  context: AppContext,
  { action, identityId, form }: { action: DeskAction; identityId: string; form: string },
  typed: TypedToken,
): Promise<DeskCodeTokenResult> {
  const { serialNumber, code, nextCode } = typed;
  const sent = JSON.stringify([form, action, identityId, serialNumber, code, nextCode]);
  const attempt = {
    identityId,
    form: context.keyring.hmac('records', `desk code v1 ${sent}`).subarray(0, 16),
  };
  switch (action) {
    case 'give-code-token': {
      const found = await findCodeTokenToHandOver(context, serialNumber, code);
      if (found === 'unknown') {
        // The form may be sent again: the action is looked up by it, and nothing is done twice.
        const { active } = await findCodeTokens(context.database, identityId);
        const isTheirs =
          active !== null && foldSerialNumber(active.serialNumber) === foldSerialNumber(serialNumber);
        return isTheirs ? NOTHING : { token: null, faults: { serialNumber: 'no_such_token' } };
      }
      if (!isCode(code)) return { token: null, faults: { code: 'token_code_wrong' } };
      const compared = await countDeskCode(context, attempt, () => (found === 'wrong' ? null : found));
      if ('fault' in compared) return { token: null, faults: { code: compared.fault ?? 'token_code_wrong' } };
      return { token: { kind: 'hand_over', ...compared.match }, faults: {} };
    }
    case 'adjust-code-token': {
      const { active } = await findCodeTokens(context.database, identityId);
      // The person's page says what has become of it.
      if (!active) return NOTHING;
      if (matchTypedCode(context, active, nextCode).kind === 'spent') return NOTHING;
      if (!isCode(code) || !isCode(nextCode)) return { token: null, faults: { code: 'token_codes_wrong' } };
      const compared = await countDeskCode(context, attempt, () =>
        matchTwoTypedCodes(context, active, [code, nextCode]),
      );
      if ('fault' in compared)
        return { token: null, faults: { code: compared.fault ?? 'token_codes_wrong' } };
      return { token: { kind: 'adjust', tokenId: active.id, code: compared.match }, faults: {} };
    }
    default:
      return NOTHING;
  }
}

/** What no device shows is not a guess, and is not counted. */
function isCode(typed: string): boolean {
  return CODE_DIGITS.some((digits) => parseCode(typed, digits) !== null);
}

/** @returns a null fault for a wrong code after which others may be typed */
async function countDeskCode<Match extends object>(
  context: AppContext,
  attempt: { readonly identityId: string; readonly form: Buffer },
  compare: () => Match | null,
): Promise<{ readonly match: Match } | { readonly fault: CodeTokenFault | null }> {
  const result = await verifyTypedCode(context, { ...attempt, compare });
  switch (result.kind) {
    case 'right':
      return result;
    case 'again': {
      // The same form: its answer is the same, and was counted.
      const match = compare();
      return match ? { match } : { fault: null };
    }
    case 'wrong':
      return { fault: result.left > 1 ? null : 'token_code_last' };
    case 'locked':
    case 'busy':
    case 'exhausted':
      return { fault: `token_${result.kind}` };
  }
}

export async function applyDeskCodeToken(
  context: AppContext,
  db: Queryable,
  identityId: string,
  token: DeskCodeToken | null,
  by: AuditActor,
): Promise<CodeTokenRefusal | 'done'> {
  if (!token) return 'no_code_token';
  const refused =
    token.kind === 'hand_over'
      ? await handOverCodeToken(context, db, identityId, token, by)
      : await resyncInTransaction(context, db, identityId, { ...token, by });
  return refused ?? 'done';
}
