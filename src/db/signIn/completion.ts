/**
 * The part of a sign-in's last form that is the same for every factor. One statement decides the factor, uses
 * it up, signs the interaction in, appends the audit event, and saves the records that the response needs.
 * What differs for a factor (keyAttempts.ts, securityKeySignIns.ts) are its parts before the locks, and how
 * it is used up.
 */
import { sql, type Queryable, type Statement } from '../database.ts';
import type { OidcRecord } from '../oidc/oidcRecords.ts';
import { FORMER_SESSION_ID_SECONDS } from '../oidc/requestRecords.ts';
import { readAttemptResultRow, type AttemptResult, type AttemptResultRow } from './attempts.ts';
import type { NamedParameters } from '../namedParameters.ts';

/** A response that was prepared before the factor was compared, with the provider's records that it needs. */
export interface SealedResponse {
  /** For a repeated submission of the same form. */
  readonly sealed: Buffer;
  readonly codeId: Buffer | null;
  /** The pushed request that it answers; used once. */
  readonly uses: Buffer | null;
  readonly saves: readonly OidcRecord[];
  readonly ends: readonly Buffer[];
  /** Sessions that get a new id: the former id, and the uid that stays. */
  readonly replaces: readonly { readonly id: Buffer; readonly uid: string }[];
  /**
   * Executed in a transaction with it: the session of another person who was signed in with this browser
   * ends, and relying parties are notified.
   */
  readonly additionalStatements: readonly {
    readonly statement: Statement;
    readonly values: readonly unknown[];
  }[];
}

/** What a sign-in is completed with, whatever the factor. */
export interface Completion {
  readonly interaction: Buffer;
  readonly identityId: string;
  /** The time from the row as it was read: another password since then makes it another sign-in. */
  readonly passwordAt: Date;
  /** The database's time, read before the comparison: a later end of the identity ends this sign-in. */
  readonly signedInAt: Date;
  readonly formerHolder: Buffer | null;
  readonly holder: Buffer;
  readonly macs: { readonly right: Buffer; readonly wrong: Buffer };
  readonly now: Date;
  /** When the sign-in may be swept. */
  readonly expiresAt: Date;
  readonly event: { readonly kind: string; readonly details: Record<string, unknown> };
  /** Set when the person declares this browser as their own: it is known from now on. */
  readonly ownBrowser: { readonly browser: Buffer; readonly tries: Buffer } | null;
  /**
   * The values of the browser's cookies; one of them may be that by which the person is known in this
   * browser.
   */
  readonly browsers: readonly Buffer[];
  /** The network from which the factor is given: known from now on, with separate attempts. */
  readonly network: { readonly key: Buffer; readonly tries: Buffer };
  /** The browser was known when the password was given. If it was removed since, it is a new one. */
  readonly wasKnown: boolean;
  /** The notice of an unknown browser; null where the level of a session is raised. */
  readonly newBrowser: { readonly id: string; readonly details: Record<string, unknown> } | null;
  /** Null when another step follows. */
  readonly answer: SealedResponse | null;
}

export interface CompletionResult extends AttemptResult {
  /** The keys left on the card and its threshold; null when nothing was used up, or it was no card's key. */
  readonly spent: { readonly keysLeft: number | null; readonly threshold: number } | null;
  /** When the browser became the person's own: the cookie values by which other people are known in it. */
  readonly otherBrowsers: readonly Buffer[];
  /** The row of the sign-in has the outcome, with the new holder. */
  readonly isOutcomeRecorded: boolean;
}

/** The values of a completion by the names of their parameters. */
export type CompletionValues = ReturnType<typeof listCompletionValues>;
export type CompletionParameter = keyof CompletionValues;

export function listCompletionValues(completion: Completion) {
  const { answer, ownBrowser, newBrowser, macs, event, network } = completion;
  const saves = answer?.saves ?? [];
  const replaces = answer?.replaces ?? [];
  const column = (name: keyof OidcRecord) => saves.map((record) => record[name]);
  return {
    interaction: completion.interaction,
    identityId: completion.identityId,
    passwordAt: completion.passwordAt,
    signedInAt: completion.signedInAt,
    formerHolder: completion.formerHolder,
    holder: completion.holder,
    macRight: macs.right,
    macWrong: macs.wrong,
    now: completion.now,
    expiresAt: completion.expiresAt,
    eventKind: event.kind,
    eventDetails: JSON.stringify(event.details),
    ownBrowser: ownBrowser?.browser ?? null,
    ownBrowserTries: ownBrowser?.tries ?? null,
    browsers: completion.browsers,
    newBrowserId: newBrowser?.id ?? null,
    newBrowserDetails: JSON.stringify(newBrowser?.details ?? null),
    network: network.key,
    networkTries: network.tries,
    wasKnown: completion.wasKnown,
    isAnswered: answer !== null,
    answerSealed: answer?.sealed ?? null,
    codeId: answer?.codeId ?? null,
    uses: answer?.uses ?? null,
    ends: answer?.ends ?? [],
    replacedIds: replaces.map(({ id }) => id),
    replacedUids: replaces.map(({ uid }) => uid),
    formerSessionSeconds: FORMER_SESSION_ID_SECONDS,
    ids: column('id'),
    models: column('model'),
    accountIds: column('accountId'),
    clientIds: column('clientId'),
    grantIds: column('grantId'),
    sessionUids: column('sessionUid'),
    uids: column('uid'),
    loginAts: column('loginAt'),
    startedAts: column('startedAt'),
    expiresAts: column('expiresAt'),
    payloads: column('payload'),
    passwordAts: column('passwordAt'),
    acrs: column('acr'),
    sids: column('sid'),
  };
}

export interface CompletionStatement<Extra extends string> {
  readonly statement: Statement;
  readonly list: NamedParameters<CompletionParameter | Extra>['list'];
}

interface CompletionRow extends AttemptResultRow {
  keys_left: number | null;
  threshold: number | null;
  noted: boolean;
  other_browsers: Buffer[];
}

const END = sql`UPDATE oidc_records SET ended_at = now(), payload = '' WHERE id = ANY ($1::bytea[]) AND ended_at IS NULL`;

/**
 * Within a transaction when the response has additional statements: they may depend on what was still alive,
 * so that nothing is ended before them.
 */
export async function runCompletion<Extra extends string>(
  db: Queryable,
  { statement, list }: CompletionStatement<Extra>,
  completion: Completion,
  extra: Readonly<Record<Extra, unknown>>,
): Promise<CompletionResult> {
  const additional = completion.answer?.additionalStatements ?? [];
  const values = listCompletionValues(completion);
  const ends = additional.length === 0 ? values.ends : [];
  const all = { ...values, ends, ...extra } as Readonly<Record<CompletionParameter | Extra, unknown>>;
  const [row] = (await db.query<CompletionRow>(statement, list(all))).rows;
  if (!row) throw new Error('the attempt statement returned no row');
  const { keys_left: keysLeft, threshold, noted: isOutcomeRecorded, other_browsers: otherBrowsers } = row;
  const spent = threshold === null ? null : { keysLeft, threshold };
  if (spent) {
    for (const one of additional) await db.query(one.statement, one.values);
    if (ends.length < values.ends.length) await db.query(END, [values.ends]);
  }
  return { ...readAttemptResultRow(row), spent, isOutcomeRecorded, otherBrowsers };
}
