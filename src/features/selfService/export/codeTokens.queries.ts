/** The code tokens that a person has or had, for their own file. */
import type { Day } from '../../../domain/calendar.ts';
import type { CodeTokenKind, CodeTokenState } from '../../../domain/factors/codeToken.ts';
import { sql, type Queryable } from '../../../db/database.ts';

export interface OwnCodeToken {
  readonly serialNumber: string;
  readonly kind: CodeTokenKind;
  readonly state: Exclude<CodeTokenState, 'in_stock'>;
  readonly givenAt: Date;
  readonly givenBy: 'self_service' | 'desk';
  readonly expected: { readonly from: Day; readonly to: Day } | null;
  readonly activatesAt: Date | null;
  readonly activatedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly endedAt: Date | null;
}

const LIST = sql`
  SELECT serial_number AS "serialNumber", kind, state, given_at AS "givenAt", given_by AS "givenBy",
    CASE WHEN expected_from IS NOT NULL THEN jsonb_build_object('from', expected_from, 'to', expected_to) END AS expected,
    activates_at AS "activatesAt", activated_at AS "activatedAt", last_used_at AS "lastUsedAt", ended_at AS "endedAt"
  FROM code_tokens WHERE identity_id = $1 ORDER BY given_at DESC, id`;

/** The newest first. */
export async function listCodeTokensOfPerson(db: Queryable, identityId: string): Promise<OwnCodeToken[]> {
  return (await db.query<OwnCodeToken>(LIST, [identityId])).rows;
}
