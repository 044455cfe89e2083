/**
 * Stores the provider's response within the exchange of a form: with the verification of the form,
 * immediately, or not at all.
 */
import { AlreadyAnsweredError, requireUnitOfWork } from '../../db/unitOfWork.ts';
import type { Database } from '../../db/database.ts';
import type { SealedResponse } from '../../db/signIn/completion.ts';
import type { ProviderResponse, PendingProviderResponse } from './providerResponse.ts';

/** Seals a response under the secret of the browser that sent the form. */
export type SealAnswer = (answer: ProviderResponse) => Buffer;

/**
 * Prepares the response for the statement that decides whether it may be sent. Preparing consumes nothing.
 */
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
  readonly prepared: SealedResponse;
  /** Removes the response from this exchange again. */
  readonly withdraw: () => void;
}

/**
 * Saves the response, so that the same form gets it again if it is sent twice.
 * @param holder the browser that sent the form, where no browser holds the row
 * @returns false where another request ended the sign-in first; nothing of this one is saved then.
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
