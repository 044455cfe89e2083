/** What becomes of the provider's answer in the exchange of a form: saved with its judging, saved at once, or saved nowhere. */
import { AnsweredBefore, currentUnitOfWork } from '../../store/unitOfWork.ts';
import type { Database } from '../../store/database.ts';
import type { PreparedAnswer } from '../../store/signIn/keyTries.ts';
import type { Answer, MadeAnswer } from './madeAnswer.ts';

/** Seals an answer under the secret of whoever sent the form. */
export type Seal = (answer: Answer) => Buffer;

/** All that it consists of, for the statement that judges whether it may leave. Nothing is used up by making it. */
export async function takeAnswer(make: () => Promise<MadeAnswer>, seal: Seal): Promise<TakenAnswer> {
  const unit = currentUnitOfWork();
  const { answer, withdraw } = await make();
  const { codeId } = unit;
  return { prepared: { sealed: seal(answer), codeId, ...unit.take() }, withdraw };
}

export interface TakenAnswer {
  readonly prepared: PreparedAnswer;
  /** Takes it out of this exchange again. */
  readonly withdraw: () => void;
}

/**
 * Saves it, and keeps it for the same form if it comes again.
 * @param holder of the form, where no browser holds the row
 * @returns false where another request has ended the sign-in first: nothing of this one is left.
 */
export async function saveAnswer(
  database: Database,
  { answer, withdraw }: MadeAnswer,
  { interaction, seal, holder }: { interaction: Buffer; seal: Seal; holder: Buffer | null },
): Promise<boolean> {
  const unit = currentUnitOfWork();
  unit.keepAnswer(interaction, { sealed: seal(answer), holder });
  try {
    await unit.flush(database);
    return true;
  } catch (error) {
    if (!(error instanceof AnsweredBefore)) throw error;
    withdraw();
    return false;
  }
}
