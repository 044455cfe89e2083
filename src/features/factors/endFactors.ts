/** How each kind of factor ends, for what ends several of them. */
import type { AuditActor } from '../../domain/auditEvent.ts';
import type { CardCommand } from '../../domain/card/cardLife.ts';
import {
  BLOCKED_KINDS,
  HELD_FACTORS,
  type BlockTarget,
  type HeldFactorKind,
} from '../../domain/factors/heldFactors.ts';
import type { LockoutPolicy } from '../../domain/signIn/lockout.ts';
import type { Queryable } from '../../db/database.ts';
import { blockCodeTokens } from '../codeTokens/index.ts';
import { applyCardCommandInTransaction, type CardCommandOutcome } from '../identity/index.ts';
import { endSecurityKeysInTransaction } from '../securityKeys/index.ts';
import type { AppContext } from '../appContext.ts';

/** What was guessed at: keys of this card and codes of the code token count together. */
export interface ExhaustedCard {
  /** Null when no card was in use. */
  readonly cardId: string | null;
  readonly subject: Buffer;
  readonly lockoutPolicy: LockoutPolicy;
}

interface FactorEnd {
  readonly target: BlockTarget;
  readonly by: AuditActor;
  readonly exhaustedCard?: ExhaustedCard | undefined;
}

/** `nothing`: none of the kind was there to end. */
type EndOutcome = CardCommandOutcome | 'nothing';

/** In the caller's transaction, which has locked the identity. Also rows that are not as written end. */
type EndFactors = (
  context: AppContext,
  db: Queryable,
  identityId: string,
  end: FactorEnd,
) => Promise<EndOutcome>;

const END: Readonly<Record<HeldFactorKind, EndFactors>> = {
  card: async (context, db, identityId, end) =>
    await applyCardCommandInTransaction(context, db, identityId, composeBlockCommand(end), end.by),
  security_key: async (context, db, identityId, { target, by }) => {
    const options = { id: null, reason: 'blocked', by, hasNotice: target !== 'identity' } as const;
    return (await endSecurityKeysInTransaction(context, db, identityId, options)) > 0 ? 'done' : 'nothing';
  },
  code_token: async (context, db, identityId, { target, by }) => {
    const silent = target === 'identity';
    const block = async (all: boolean) =>
      (await blockCodeTokens(context, db, identityId, by, { all, silent })) > 0;
    // Where none is in use and none waits, the one on its way is the one that is meant, as of a card.
    const isEnded = (await block(silent)) || (target === 'code_token' && (await block(true)));
    return isEnded ? 'done' : 'nothing';
  },
};

/** No card has this id: one on the way was not guessed at. */
const NO_CARD = 'none';

function composeBlockCommand({ target, exhaustedCard }: FactorEnd): CardCommand {
  if (target === 'identity') return { kind: 'block_identity' };
  return { kind: 'block_card', ...(exhaustedCard ? { guessedAt: exhaustedCard.cardId ?? NO_CARD } : {}) };
}

/**
 * Ends what the target stands for. Of an ID the card set decides whether it was blocked before.
 * @returns `done` also where there was nothing to end but a card
 */
export async function endFactors(
  context: AppContext,
  db: Queryable,
  identityId: string,
  end: FactorEnd,
): Promise<CardCommandOutcome> {
  const outcomes = new Map<HeldFactorKind, EndOutcome>();
  for (const kind of BLOCKED_KINDS[end.target])
    outcomes.set(kind, await END[kind](context, db, identityId, end));
  const card = outcomes.get('card') ?? 'nothing';
  const isDone = end.target !== 'identity' && [...outcomes.values()].includes('done');
  return isDone || card === 'nothing' ? 'done' : card;
}

/**
 * Ends what a block of the ID should have ended, for an ID that opens again: a node of the version before
 * may have left some of it. No one is told, as what opens it says so.
 */
export async function endLeftFactors(
  context: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
): Promise<void> {
  for (const kind of HELD_FACTORS) await END[kind](context, db, identityId, { target: 'identity', by });
}
