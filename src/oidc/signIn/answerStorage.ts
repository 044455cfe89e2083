/** What becomes of the provider's answer in the exchange of a form: saved with its judging, saved at once, or saved nowhere. */
import { AlreadyAnsweredError, requireUnitOfWork } from '../../db/unitOfWork.ts';
import type { Database } from '../../db/database.ts';
import type { PreparedAnswer } from '../../db/signIn/keyAttempts.ts';
import type { ProviderResponse, PendingProviderResponse } from './providerResponse.ts';

/** Seals an answer under the secret of whoever sent the form. */
export type SealAnswer = (answer: ProviderResponse) => Buffer;

/** All that it consists of, for the statement that judges whether it may leave. Nothing is used up by making it. */
export async function prepareResponse(
  make: () => Promise<PendingProviderResponse>,
  seal: SealAnswer,
): Promise<PreparedResponse> {
  const unit = requireUnitOfWork();
  const { answer, withdraw } = await make();
  const { codeId } = unit;
  return { prepared: { sealed: seal(answer), codeId, ...unit.takeRecords() }, withdraw };
}

export interface PreparedResponse {
  readonly prepared: PreparedAnswer;
  /** Takes it out of this exchange again. */
  readonly withdraw: () => void;
}

/**
 * Saves it, and keeps it for the same form if it comes again.
 * @param holder of the form, where no browser holds the row
 * @returns false where another request has ended the sign-in first: nothing of this one is left.
 */
export async function saveResponse(
  database: Database,
  { answer, withdraw }: PendingProviderResponse,
  { interaction, seal, holder }: { interaction: Buffer; seal: SealAnswer; holder: Buffer | null },
): Promise<boolean> {
  const unit = requireUnitOfWork();
  unit.keepAnswer(interaction, { sealed: seal(answer), holder });
  try {
    await unit.flush(database);
    return true;
  } catch (error) {
    if (!(error instanceof AlreadyAnsweredError)) throw error;
    withdraw();
    return false;
  }
}
