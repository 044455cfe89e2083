/** What the page of the code token shows. */
import { findCodeTokens } from '../../../db/factors/codeTokens.ts';
import { findExpectedDays, hasStock } from '../../../db/factors/codeTokenStock.ts';
import type { AppContext } from '../../appContext.ts';
import { isGuardianNeeded } from '../../guardian/index.ts';
import { readAccount } from '../readAccount.ts';
import type { SelfCodeTokenPage } from './codeToken.page.tsx';

type Shown = Pick<SelfCodeTokenPage, 'active' | 'coming' | 'hasAddress' | 'isInStock' | 'needsGuardian'>;

/** @throws RowMacMismatch */
export async function readCodeTokens(context: AppContext, identityId: string): Promise<Shown> {
  const { database } = context;
  const { active, coming } = await findCodeTokens(database, identityId);
  const state = coming?.state === 'ordered' ? 'ordered' : 'sent';
  return {
    active,
    coming: coming && { ...coming, state, expected: await findExpectedDays(database, coming.id) },
    hasAddress: (await readAccount(context, identityId)).address !== null,
    isInStock: await hasStock(database),
    needsGuardian: await isGuardianNeeded(context, identityId),
  };
}
