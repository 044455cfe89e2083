/** The stored form of a sign-in: its row, its facts, and their readers. signIns.ts holds the statements. */
import type { Identity } from '../../domain/person/person.ts';
import type { CardState } from '../../domain/card/cardLife.ts';
import type { ComingCard, KeyCard } from '../../domain/card/keyCard.ts';
import type { SignInOutcome } from '../../domain/signIn/signIn.ts';
import { FACTORS, type Factor, type Factors } from '../../domain/signIn/levels.ts';
import type { Attempts } from '../../domain/signIn/lockout.ts';
import {
  readOwnerRow,
  type IdentityWithPerson,
  type Nullable,
  type OwnerColumns,
} from '../people/identities.ts';
import { readCardColumns, type CardColumns } from '../cards/keyCards.ts';
import { readCodeToken, type CodeTokenJson, type StoredCodeToken } from '../factors/codeTokens.ts';
import { readSecurityKeys, type SecurityKeysJson, type StoredSecurityKey } from '../factors/securityKeys.ts';

/** A sign-in as stored; `typedNameSealed` is sealed under the key ring. */
export interface StoredSignIn {
  readonly identity: Identity | null;
  readonly card: KeyCard | null;
  readonly comingCard: ComingCard | null;
  /** The last state of the newest card, when none is in use. */
  readonly lastCardState: CardState | null;
  /** Those that have not ended, the last used first; some may still wait. */
  readonly securityKeys: readonly StoredSecurityKey[];
  /** The one in use, if any. */
  readonly codeToken: StoredCodeToken | null;
  readonly newCardSkipped: boolean;
  /** The password came from a browser that the person had declared their own. */
  readonly knownBrowser: boolean;
  readonly passwordAt: Date | null;
  /** The password was given earlier, in the browser's session, and not in this sign-in. */
  readonly isStepUp: boolean;
  /** The `uid` of that session; null when this is no step-up. */
  readonly sessionUid: string | null;
  readonly signedInAt: Date | null;
  /** The factors given in this interaction; for a step-up, the password of the session counts. */
  readonly factors: Factors;
  readonly consented: boolean;
  readonly outcome: SignInOutcome | null;
  readonly typedNameSealed: Buffer | null;
  readonly stepAt: Date;
  /** The salt for personal data in this person's audit events; null when no identity is known yet. */
  readonly logSalt: Buffer | null;
  /**
   * The identity with its person, so that the same request does not read it again; null when no identity is
   * known yet.
   */
  readonly owner: IdentityWithPerson | null;
  /** The interaction was answered: the sign-in cannot continue. */
  readonly isAnswered: boolean;
  /** The keyed hash of the secret of the browser that holds the sign-in; null before a form was decided. */
  readonly holder: Buffer | null;
  /** The facts that the row's MAC covers. */
  readonly facts: SignInFacts;
  readonly mac: Buffer | null;
  /**
   * Sealed, for a repeated submission of the same form; null once its code was used or a minute has passed.
   */
  readonly answerSealed: Buffer | null;
  /** The subject and the state of the attempts with the identity's keys. */
  readonly keyTries: { readonly subject: Buffer | null; readonly attempts: Attempts | null };
  /** The database's time of this query. */
  readonly now: Date;
}

/** The facts of a sign-in that its MAC protects from a writer in the database. */
export interface SignInFacts {
  readonly identityId: string | null;
  readonly passwordAt: Date | null;
  readonly sessionUid: string | null;
  readonly signedInAt: Date | null;
  readonly factors: Factors;
}

export type OwnedSignInRow = CardColumns & Nullable<OwnerColumns> & SignInRow;

interface SignInRow {
  interaction: Buffer;
  password_at: Date | null;
  session_uid: string | null;
  signed_in_at: Date | null;
  with_key: boolean | null;
  second_factor: string | null;
  without_password: boolean | null;
  security_keys: SecurityKeysJson;
  code_token: CodeTokenJson | null;
  consented: boolean;
  outcome: OutcomeJson | null;
  typed_name_sealed: Buffer | null;
  step_at: Date;
  new_card_skipped: boolean;
  known_browser: boolean;
  answered: boolean;
  entered_by: string | null;
  holder: Buffer | null;
  mac: Buffer | null;
  answer_sealed: Buffer | null;
  key_tries: Buffer | null;
  k_tries: number | null;
  k_wrong: number;
  k_in_a_row: number;
  k_counted_at: Date;
  k_expires_at: Date;
  now: Date;
}

/** The outcome as the row stores it: times are texts. */
export type OutcomeJson = Omit<SignInOutcome, 'opensAt'> & { opensAt?: string };

export function readOutcomeJson(json: OutcomeJson | null): SignInOutcome | null {
  const opensAt = json?.opensAt ? { opensAt: new Date(json.opensAt) } : {};
  return json && ({ ...json, ...opensAt } as SignInOutcome);
}

type FactorReaders = Record<Factor, (row: SignInRow) => boolean>;

const isSecondFactor = (factor: Factor) => (row: SignInRow) => row.second_factor === factor;

/** The factors as stored, which the MAC covers. */
const HAS_AUTHENTICATED_FACTOR: FactorReaders = {
  password: (row) => row.password_at !== null && row.without_password !== true,
  card_key: (row) => row.with_key === true,
  code_token: isSecondFactor('code_token'),
  passkey: isSecondFactor('passkey'),
  security_key: isSecondFactor('security_key'),
  attested_key: isSecondFactor('attested_key'),
};

/** A sign-in from before the column `with_key` existed used a key. */
const HAS_FACTOR: FactorReaders = {
  ...HAS_AUTHENTICATED_FACTOR,
  card_key: (row) => row.signed_in_at !== null && row.with_key !== false,
};

export function readSignInRow(row: OwnedSignInRow): StoredSignIn {
  const owner = readOwnerRow(row);
  return {
    identity: owner?.identity ?? null,
    owner,
    ...readCardColumns(row),
    codeToken: row.code_token && readCodeToken(row.code_token),
    securityKeys: readSecurityKeys(owner?.identity.id ?? null, row.security_keys),
    newCardSkipped: row.new_card_skipped,
    knownBrowser: row.known_browser,
    passwordAt: row.password_at,
    isStepUp: row.session_uid !== null,
    sessionUid: row.session_uid,
    signedInAt: row.signed_in_at,
    factors: new Set(FACTORS.filter((factor) => HAS_FACTOR[factor](row))),
    consented: row.consented,
    outcome: readOutcomeJson(row.outcome),
    typedNameSealed: row.typed_name_sealed,
    stepAt: row.step_at,
    logSalt: owner?.logSalt ?? null,
    isAnswered: row.answered,
    holder: row.holder,
    facts: {
      identityId: row.entered_by,
      passwordAt: row.password_at,
      sessionUid: row.session_uid,
      signedInAt: row.signed_in_at,
      factors: new Set(FACTORS.filter((factor) => HAS_AUTHENTICATED_FACTOR[factor](row))),
    },
    mac: row.mac,
    answerSealed: row.answer_sealed,
    keyTries: { subject: row.key_tries, attempts: readKeyAttemptColumns(row) },
    now: row.now,
  };
}

function readKeyAttemptColumns(row: SignInRow): Attempts | null {
  if (row.k_tries === null) return null;
  const { k_tries: tries, k_wrong: wrong, k_in_a_row: inARow } = row;
  return { tries, wrong, inARow, countedAt: row.k_counted_at, expiresAt: row.k_expires_at };
}
