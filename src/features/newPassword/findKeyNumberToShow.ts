/** Step 1: a name, for which the page of the key is shown. It is the same for every name. */
import { foldName } from '../../domain/person/userId.ts';
import { runInNetworkTurn } from '../authentication/index.ts';
import { respondOnFixedTick } from '../../platform/fixedTick.ts';
import type { AppContext } from '../appContext.ts';
import { findNewPasswordKey } from './findNewPasswordKey.ts';
import { countLook } from './lookBudget.ts';

export interface NameSubmission {
  readonly typedName: string;
  readonly address: string;
  /** Aborted when the connection is closed. */
  readonly signal?: AbortSignal;
}

/** A card is read where there is one. Responses on a fixed tick hide the difference. */
const RESPONSE_TICK_MS = 100;

/** `slowed`: too many names from this network. `busy`: too many of its forms at a time. */
export async function findKeyNumberToShow(
  context: AppContext,
  submission: NameSubmission,
): Promise<{ readonly keyNumber: string } | 'slowed' | 'busy'> {
  const { typedName, address } = submission;
  return await respondOnFixedTick(RESPONSE_TICK_MS, () =>
    runInNetworkTurn(context, submission, async () => {
      if (!(await countLook(context, address))) return 'slowed';
      const { keyNumber } = await findNewPasswordKey(context, foldName(typedName));
      return { keyNumber };
    }),
  );
}
