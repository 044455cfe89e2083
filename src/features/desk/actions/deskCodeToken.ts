/**
 * The code token of an action at the desk: the one that the officer hands over, or the one that the person
 * has brought. Its codes are compared before anything is done: they are read off the device.
 */
import type { DeskAction } from '../../../domain/staff/desk.ts';
import { findCodeTokens } from '../../../db/factors/codeTokens.ts';
import type { Queryable } from '../../../db/database.ts';
import type { AuditActor } from '../../../domain/auditEvent.ts';
import type { CodeTokenRefusal } from '../../../domain/factors/codeTokenRefusal.ts';
import type { MatchedCode } from '../../../domain/factors/codeToken.ts';
import {
  findCodeTokenToHandOver,
  handOverCodeToken,
  matchTwoTypedCodes,
  matchTypedCode,
  readSerialNumber,
  resyncInTransaction,
  type CodeTokenToHandOver,
} from '../../codeTokens/index.ts';
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

type CodeTokenFault = 'no_such_token' | 'token_code_wrong' | 'token_codes_wrong';
export type DeskCodeTokenResult =
  | { readonly token: DeskCodeToken | null; readonly faults: Readonly<Record<never, never>> }
  | { readonly token: null; readonly faults: Partial<Record<keyof TypedToken, CodeTokenFault>> };

const NOTHING = { token: null, faults: {} } as const;

/** @throws DamagedSeal, RowMacMismatch */
export async function readDeskCodeToken(
  context: AppContext,
  action: DeskAction,
  identityId: string,
  typed: TypedToken,
): Promise<DeskCodeTokenResult> {
  switch (action) {
    case 'give-code-token': {
      const found = await findCodeTokenToHandOver(context, typed.serialNumber, typed.code);
      if (found === 'unknown') {
        // The form may be sent again: the action is looked up by it, and nothing is done twice.
        const { active } = await findCodeTokens(context.database, identityId);
        const isTheirs = active?.serialNumber === readSerialNumber(typed.serialNumber);
        return isTheirs ? NOTHING : { token: null, faults: { serialNumber: 'no_such_token' } };
      }
      if (found === 'wrong') return { token: null, faults: { code: 'token_code_wrong' } };
      return { token: { kind: 'hand_over', ...found }, faults: {} };
    }
    case 'adjust-code-token': {
      const { active } = await findCodeTokens(context.database, identityId);
      // The person's page says what has become of it.
      if (!active) return NOTHING;
      const code = matchTwoTypedCodes(context, active, [typed.code, typed.nextCode]);
      if (!code) {
        const isAgain = matchTypedCode(context, active, typed.nextCode).kind === 'spent';
        return isAgain ? NOTHING : { token: null, faults: { code: 'token_codes_wrong' } };
      }
      return { token: { kind: 'adjust', tokenId: active.id, code }, faults: {} };
    }
    default:
      return NOTHING;
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
